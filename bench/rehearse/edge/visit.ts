/** Visits the edge as somebody who has looked up its name. */
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import WebSocket from 'ws';
import { loopbackTls } from '../../../tests/fakes/loopback-tls.ts';

export type Visit = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

export const fetchFrom = (port: number, origin: string, path: string): Promise<Visit> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        ca: loopbackTls.ca,
        servername: 'localhost',
        headers: { host: new URL(origin).host },
      },
      async (response) => {
        const parts: Buffer[] = [];
        for await (const part of response) parts.push(part as Buffer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      },
    );
    asked.on('error', reject);
    asked.end();
  });

/** @param origin of the page that dials @param host that it dials, where that is another */
export const dial = (
  port: number,
  origin: string,
  headers: Readonly<Record<string, string>> = {},
  host = origin,
): WebSocket =>
  new WebSocket(`wss://127.0.0.1:${port}/ws`, {
    ...{ origin, ca: loopbackTls.ca, servername: 'localhost' },
    headers: { ...headers, host: new URL(host).host },
  });
