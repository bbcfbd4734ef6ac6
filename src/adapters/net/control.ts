import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { replaceFile } from '../disk/atomic-file.ts';
import { edgeServer } from './edge-server.ts';
import { listenOn } from './listen-on.ts';

/**
 * How commands speak to a running local station: HTTP on a loopback port of its own, apart from the page's. Where it
 * is and the token that opens it stand in `control.json` in the data directory, readable by its owner alone: whoever
 * may read the data may steer the station. Browsers are kept out: they cannot read the token, and a request that
 * carries an Origin is refused.
 */
export type ControlFile = {
  readonly schema: 1;
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  /** The page, where the public finds it. */
  readonly url: string;
  /** The page on this machine; earlier versions do not tell. */
  readonly here?: string;
  readonly startedAt: number;
};

/** One action: takes what the command sends, gives what it prints. What it throws is passed on by name and message. */
export type ControlActions = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

export type ControlAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly exit: string; readonly code: string; readonly message: string } };

const FILE = 'control.json';
const MAX_BODY_BYTES = 4096;
/** A station that does not answer by then hangs. */
const PATIENCE_MS = 10_000;
const HOST = '127.0.0.1';

export async function serveControl(
  dataDir: string,
  url: string,
  actions: ControlActions,
  here = url,
): Promise<{ close(): Promise<void> }> {
  const token = randomBytes(32).toString('hex');
  const server = edgeServer((request, response) => {
    const answer = (status: number, body: ControlAnswer) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refuse = (status: number, message: string) =>
      answer(status, { error: { exit: 'denied', code: 'refused', message } });
    if (request.headers.origin !== undefined) return refuse(403, 'not for browsers');
    if (!sameToken(request.headers.authorization, token)) return refuse(401, 'wrong token');
    const name = (request.url ?? '').slice(1);
    const action = request.method === 'POST' && Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) return refuse(404, 'no such action');
    return readBody(request)
      .then(async (body) => answer(200, { result: await action(body) }))
      .catch((error: Error & { exit?: string; code?: string }) => {
        const { exit = 'fault', code = 'fault', message } = error;
        answer(200, { error: { exit, code, message } });
      });
  });
  const port = await listenOn(server, 0, HOST);
  const file: ControlFile = { schema: 1, pid: process.pid, port, token, url, here, startedAt: Date.now() };
  await replaceFile(join(dataDir, FILE), `${JSON.stringify(file)}\n`, 0o600).catch((error: unknown) => {
    server.close();
    throw error;
  });
  return {
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      // Another station may have begun on the same data since.
      const now = await readControlFile(dataDir).catch(() => null);
      if (now?.token === token) await rm(join(dataDir, FILE), { force: true });
    },
  };
}

/**
 * null: no station has written one, or none that this version understands.
 * @throws where it is not ours to read: whether a station runs is not known then
 */
export async function readControlFile(dataDir: string): Promise<ControlFile | null> {
  try {
    const file = JSON.parse(await readFile(join(dataDir, FILE), 'utf8')) as ControlFile;
    return file.schema === 1 ? file : null;
  } catch (error) {
    if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return null;
  }
}

/**
 * Asks the station that runs on a data directory. null: none runs; what a killed one left behind counts as none.
 * @throws where it does not answer, or its file is not ours to read
 */
export async function askStation(
  dataDir: string,
  action: string,
  input: unknown = {},
): Promise<ControlAnswer | null> {
  const file = await readControlFile(dataDir);
  if (!file) return null;
  let response: Response;
  try {
    response = await fetch(`http://${HOST}:${file.port}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${file.token}` },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    if ((error as { name?: string }).name !== 'TimeoutError') return null;
    throw new Error(`the station (process ${file.pid}) does not answer`, { cause: error });
  }
  // The port may belong to somebody else by now.
  if (response.status !== 200) return null;
  return (await response.json()) as ControlAnswer;
}

function sameToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += part;
    if (text.length > MAX_BODY_BYTES) throw new RangeError('the request is too long');
  }
  return JSON.parse(text || '{}');
}
