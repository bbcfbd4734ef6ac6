/** The connections of a websocket stage, and what may be done with them from outside: `@connections`. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { ServiceRequest } from '../calls.ts';
import type { Limits } from './limits.ts';
import { throttle } from './throttle.ts';

export type Connection = {
  readonly id: string;
  readonly socket: WebSocket;
  readonly connectedAt: number;
  readonly identity: { readonly sourceIp: string; readonly userAgent: string };
  activeAt: number;
};
export type Connections = {
  readonly all: ReadonlyMap<string, Connection>;
  add(connection: Connection): void;
  remove(id: string): void;
  /** POST, DELETE or GET of a connection, by who has been let in. */
  answer(request: ServiceRequest, response: ServerResponse): void;
  /** Answers so far, by status. */
  readonly statuses: ReadonlyMap<number, number>;
};

const TYPES: Readonly<Record<number, string>> = {
  403: 'ForbiddenException',
  410: 'GoneException',
  413: 'PayloadTooLargeException',
  429: 'LimitExceededException',
};

/** As API Gateway's: letters, digits, `-`, `_`, and a `=` at the end. */
export const connectionId = (): string => `${randomBytes(11).toString('base64url')}=`;

export function connections(stage: string, limits: Limits, now: () => number): Connections {
  const all = new Map<string, Connection>();
  const statuses = new Map<number, number>();
  const rate = throttle(limits.requestsPerSecond, limits.requestsBurst, now);
  const answer = (response: ServerResponse, status: number, body = '') => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const type = TYPES[status];
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(type ? { 'x-amzn-errortype': type } : {}),
      })
      .end(type ? JSON.stringify({ message: type, connectionId: undefined }) : body);
  };
  return {
    all,
    statuses,
    add: (connection) => void all.set(connection.id, connection),
    remove: (id) => void all.delete(id),
    answer({ method, path, body }, response) {
      const [, of, id = ''] = /^\/([^/]+)\/@connections\/([^/]+)$/.exec(path) ?? [];
      if (of !== stage) return answer(response, 403);
      if (!rate.take()) return answer(response, 429);
      const connection = all.get(decodeURIComponent(id));
      if (!connection) return answer(response, 410);
      if (method === 'DELETE') {
        connection.socket.close(1000);
        return answer(response, 204);
      }
      if (method === 'GET') {
        const { connectedAt, activeAt, identity } = connection;
        const told = { connectedAt: new Date(connectedAt), lastActiveAt: new Date(activeAt), identity };
        return answer(response, 200, JSON.stringify(told));
      }
      if (body.byteLength > limits.messageBytes) return answer(response, 413);
      connection.activeAt = now();
      connection.socket.send(body.toString());
      answer(response, 200);
    },
  };
}
