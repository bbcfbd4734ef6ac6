/** One kept connection, TLS or not: it is made, spoken over in the protocol that both sides know, left to rest, and ended. */
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import type { Conversation } from './conversation.ts';
import { http1 } from './http1.ts';
import { session as http2 } from './http2/session.ts';
import type { Job } from './request.ts';

export type Protocol = 'h2' | 'http/1.1';
export type Connection = {
  /** How many more requests may be sent, and how many are under way. */
  room(): number;
  load(): number;
  /** Only where there is room. @param until when the answer must be there, monotonic milliseconds */
  send(job: Job, until: number): void;
  /** Ends what is late: a handshake, an answer, or a rest. */
  look(now: number): void;
  end(error?: Error): void;
};

export type Events = {
  /** There is room that was not there; the first time: it is made. */
  free(connection: Connection, protocol: Protocol): void;
  /** Once, whatever ended it. What was sent has been rejected. @param unmade why it was never there; null: it was */
  ended(connection: Connection, unmade: Error | null): void;
  /** The other side offered HTTP/2, and cannot be spoken to in it. */
  misunderstood(): void;
};

export type ConnectionConfig = {
  readonly url: URL;
  readonly context: SecureContext | null;
  /** What is offered to the other side (ALPN, RFC 7301), the best first. */
  readonly protocols: readonly Protocol[];
  /** What the last one agreed upon, which spares both sides half a handshake. */
  readonly session: Buffer | undefined;
  readonly onSession: (session: Buffer) => void;
  /** When it must be made, monotonic milliseconds. */
  readonly until: number;
  /** How long an answer may take, and how long it is kept without use, milliseconds. */
  readonly answerMs: number;
  readonly restMs: number;
};

/** Of one read of the socket; an answer has some hundred bytes, and over HTTP/2 there are many in a read. */
const READ_BYTES = 16_384;

export function connection(config: ConnectionConfig, events: Events): Connection {
  let isMade = false;
  let isEnded = false;
  let until = config.until;
  let talk: Conversation | null = null;
  let protocol: Protocol = 'http/1.1';

  const onread: OnReadOpts = {
    buffer: Buffer.allocUnsafe(READ_BYTES),
    callback(length, buffer) {
      if (!isEnded) talk?.read((buffer as Buffer).subarray(0, length));
      return !isEnded;
    },
  };
  const socket = open(config, onread);

  function free(): void {
    if (isEnded) return;
    isMade = true;
    if (talk!.load() === 0) until = performance.now() + config.restMs;
    events.free(self, protocol);
  }

  function end(error = new Error('the connection to the gateway was ended')): void {
    if (isEnded) return;
    isEnded = true;
    socket.destroy();
    talk?.broken(error);
    events.ended(self, isMade ? null : error);
  }

  function connected(): void {
    if (isEnded) return;
    const line = {
      write: (data: Buffer | string, written?: () => void) =>
        void socket.write(data as string, 'latin1', written),
      ...{ free, end },
      misunderstood: () => events.misunderstood(),
    };
    if (socket instanceof TLSSocket && socket.alpnProtocol === 'h2') {
      protocol = 'h2';
      talk = http2(line, { scheme: 'https', answerMs: config.answerMs });
      return;
    }
    talk = http1(line);
    free();
  }

  const self: Connection = {
    room: () => (isMade && !isEnded ? talk!.room() : 0),
    load: () => talk?.load() ?? 0,
    send: (job, answerUntil) => talk!.send(job, answerUntil),
    look(now) {
      if (talk && talk.load() > 0) talk.look(now);
      else if (now < until) return;
      else if (isMade) end();
      else end(new Error('the gateway could not be connected to in time'));
    },
    end,
  };
  socket.once(config.context ? 'secureConnect' : 'connect', connected);
  if (config.context) socket.on('session', config.onSession);
  socket.once('error', (cause) => end(new Error('the connection to the gateway broke', { cause })));
  socket.once('end', () => {
    if (!isEnded) talk?.finish();
    end();
  });
  socket.once('close', () => end());
  // Who waits for an answer holds the process; a connection alone does not.
  socket.unref();
  return self;
}

function open(
  { url, context, session, protocols }: ConnectionConfig,
  onread: OnReadOpts,
): Socket | TLSSocket {
  // A name in brackets is an address.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const where = { host, port: Number(url.port) || (context ? 443 : 80), noDelay: true, onread };
  if (!context) return connectTcp(where);
  return connectTls({
    ...where,
    secureContext: context,
    ALPNProtocols: [...protocols],
    ...(isIP(host) ? {} : { servername: host }),
    ...(session ? { session } : {}),
  });
}
