/** A websocket stage of API Gateway on loopback: handshakes, routes, answers, limits, and errors in its own words. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Answer, Functions } from '../lambda.ts';
import type { Ledger } from '../ledger.ts';
import type { Stack } from '../template.ts';
import { type Connections, connectionId, connections } from './connections.ts';
import { frameSizes } from './frames.ts';
import { errorFrame, type Limits, type Refusal } from './limits.ts';
import { type Route, websocketApi } from './routes.ts';

export type Gateway = {
  readonly port: number;
  readonly domainName: string;
  readonly connections: Connections;
  /** Refusals so far, by route and what was said. */
  readonly refusals: ReadonlyMap<string, number>;
  close(): Promise<void>;
};
export type GatewayConfig = {
  readonly functions: () => Functions;
  readonly limits: Limits;
  readonly now: () => number;
  /** Whether a message is refused that a crowd might have kept out: how many came before it on its connection, of its route. */
  readonly isCrowdedOut: (route: string, before: number) => boolean;
};
type Context = Readonly<Record<string, unknown>>;

const SERVICE = 'apigateway.amazonaws.com';
/** A frame or a message that is too big. */
const TOO_BIG = 1009;
const GOING_AWAY = 1001;

export async function gateway(stack: Stack, book: Ledger, config: GatewayConfig): Promise<Gateway> {
  const { limits, now, isCrowdedOut } = config;
  const api = websocketApi(stack, now);
  const line = connections(api.stage, limits, now);
  const refusals = new Map<string, number>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes });
  const server = createServer((_request, response) => {
    response.writeHead(403, { 'x-amzn-errortype': 'ForbiddenException' }).end('{"message":"Forbidden"}');
  });

  const refused = (route: string, what: string) =>
    refusals.set(`${route}: ${what}`, (refusals.get(`${route}: ${what}`) ?? 0) + 1);
  const { region, account } = stack.place;
  async function ask(route: Route, event: object): Promise<Answer> {
    for (const part of route.parts) book.touch(part);
    const context = {
      'aws:SourceArn': `arn:aws:execute-api:${region}:${account}:${api.id}/${api.stage}/${route.key}`,
    };
    const why = book.ask(SERVICE, { action: 'lambda:InvokeFunction', resource: route.function, context });
    if (why) return { ok: false, error: why, throttled: false };
    return config.functions().invoke(route.function, event);
  }
  const contextOf = (route: string, eventType: string, id: string, identity: Context): Context => ({
    ...{ routeKey: route, eventType, connectionId: id, identity, apiId: api.id, stage: api.stage },
    ...{
      domainName: api.domainName,
      messageDirection: 'IN',
      requestId: randomUUID(),
      requestTimeEpoch: now(),
    },
  });

  async function handshake(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refuse = (status: number, what: string) => {
      refused('$connect', `${status}`);
      socket.end(
        `HTTP/1.1 ${status} ${what}\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"message":"${what}"}`,
      );
    };
    socket.on('error', () => {});
    const { pathname } = new URL(request.url ?? '/', 'http://gateway');
    if (request.headers.host !== api.domainName || pathname !== `/${api.stage}`)
      return refuse(403, 'Forbidden');
    const route = api.routes.get('$connect');
    const id = connectionId();
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const identity = { sourceIp: request.socket.remoteAddress ?? '', userAgent: headers['user-agent'] ?? '' };
    if (route) {
      if (!route.throttle.take()) return refuse(429, 'Too Many Requests');
      const multiValueHeaders = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, [value]]),
      );
      const requestContext = contextOf('$connect', 'CONNECT', id, identity);
      const said = await ask(route, { headers, multiValueHeaders, requestContext, isBase64Encoded: false });
      if (!said.ok)
        return refuse(
          said.throttled ? 429 : 500,
          said.throttled ? 'Too Many Requests' : 'Internal server error',
        );
      const { statusCode } = said.payload as { statusCode: number };
      if (statusCode < 200 || statusCode > 299) return refuse(statusCode, 'Forbidden');
    }
    if (socket.destroyed) return;
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const sizes = frameSizes((bytes) => {
        if (bytes > limits.frameBytes) opened.close(TOO_BIG);
      });
      // Before the library, which would make a message of it.
      socket.prependListener('data', sizes);
      begin(opened, id, identity);
    });
  }

  function begin(socket: WebSocket, id: string, identity: { sourceIp: string; userAgent: string }): void {
    const connection = { id, socket, connectedAt: now(), activeAt: now(), identity };
    line.add(connection);
    const counts = new Map<string, number>();
    const looking = setInterval(() => {
      const idle = now() - connection.activeAt >= limits.idleMs;
      if (idle || now() - connection.connectedAt >= limits.longestMs) socket.close(GOING_AWAY);
    }, 1_000);
    socket.on('error', () => {});
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return;
      connection.activeAt = now();
      void message(connection, counts, String(data), isBinary);
    });
    socket.on('close', () => {
      clearInterval(looking);
      line.remove(id);
      const route = api.routes.get('$disconnect');
      if (route)
        void ask(route, {
          requestContext: contextOf('$disconnect', 'DISCONNECT', id, identity),
          isBase64Encoded: false,
        });
    });
  }

  async function message(
    { id, socket, identity }: { id: string; socket: WebSocket; identity: Context },
    counts: Map<string, number>,
    body: string,
    isBase64Encoded: boolean,
  ): Promise<void> {
    const route = api.routes.get(nameOf(body, api.selector)) ?? api.routes.get('$default');
    const refuse = (what: Refusal, requestId: string = randomUUID()) => {
      refused(route?.key ?? '(none)', what);
      socket.send(errorFrame(what, id, requestId));
    };
    if (!route || route.key.startsWith('$connect') || route.key.startsWith('$disconnect'))
      return refuse('Forbidden');
    const before = counts.get(route.key) ?? 0;
    counts.set(route.key, before + 1);
    if (!route.throttle.take() || isCrowdedOut(route.key, before)) return refuse('Too Many Requests');
    const requestContext = { ...contextOf(route.key, 'MESSAGE', id, identity), messageId: randomUUID() };
    const late = new Promise<Answer>((resolve) =>
      setTimeout(resolve, limits.answerMs, {
        ok: false,
        error: 'Endpoint request timed out',
        throttled: false,
      }).unref(),
    );
    const said = await Promise.race([ask(route, { requestContext, body, isBase64Encoded }), late]);
    if (!said.ok) return refuse('Internal server error', String((requestContext as Context).requestId));
    const { body: answer } = (said.payload ?? {}) as { body?: string };
    if (route.answers && answer) socket.send(answer);
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    handshake(request, socket, head).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    domainName: api.domainName,
    connections: line,
    refusals,
    async close() {
      for (const { socket } of line.all.values()) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Of the route that a message names; '' where it names none. */
function nameOf(body: string, selector: string): string {
  try {
    const name = (JSON.parse(body) as Record<string, unknown> | null)?.[selector];
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}
