/** One kept connection, over which one request at a time is sent and its answer is read. */
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { type HttpAnswer, readAnswer } from './read-answer.ts';

/** A request that waits for its answer. */
export type Job = {
  /** The whole request, a character a byte. */
  readonly text: string;
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
};

export type Connection = {
  /** Only of one that is free. @param until when the answer must be there, monotonic milliseconds */
  send(job: Job, until: number): void;
  /** Ends what is late: a handshake, an answer, or a rest. */
  look(now: number): void;
  end(error?: Error): void;
};

export type Events = {
  /** It is connected, or an answer has been read: a request may be sent. */
  free(connection: Connection): void;
  /** Once, whatever ended it. What was sent has been rejected. @param unmade why it was never there; null: it was */
  ended(connection: Connection, unmade: Error | null): void;
};

export type ConnectionConfig = {
  readonly url: URL;
  readonly context: SecureContext | null;
  /** What the last one agreed upon, which spares both sides half a handshake. */
  readonly session: Buffer | undefined;
  readonly onSession: (session: Buffer) => void;
  /** When it must be made, monotonic milliseconds. */
  readonly until: number;
  readonly restMs: number;
};

/** Of one read of the socket; an answer has some hundred bytes. */
const READ_BYTES = 4_096;

export function connection(config: ConnectionConfig, events: Events): Connection {
  let state: 'connecting' | 'free' | 'busy' | 'ended' = 'connecting';
  let until = config.until;
  let job: Job | null = null;
  let text = '';

  const onread: OnReadOpts = {
    buffer: Buffer.allocUnsafe(READ_BYTES),
    callback(length, buffer) {
      if (state === 'busy') {
        // Most answers come in one piece.
        const piece = (buffer as Buffer).toString('latin1', 0, length);
        read(text === '' ? piece : text + piece, false);
      } else if (state === 'free') end(new Error('the gateway says something that it was not asked for'));
      return state !== 'ended';
    },
  };
  const socket = open(config, onread);

  function read(come: string, isEnd: boolean): void {
    text = come;
    let answer: HttpAnswer | null;
    try {
      answer = readAnswer(come, isEnd);
    } catch (error) {
      end(error as Error);
      return;
    }
    if (!answer) return;
    const { resolve } = job!;
    [job, text] = [null, ''];
    resolve(answer);
    if (answer.isKept && answer.length === come.length) becomeFree();
    else end();
  }

  function becomeFree(): void {
    state = 'free';
    until = performance.now() + config.restMs;
    events.free(self);
  }

  function end(error = new Error('the connection to the gateway was ended')): void {
    if (state === 'ended') return;
    const unmade = state === 'connecting' ? error : null;
    state = 'ended';
    socket.destroy();
    job?.reject(error);
    job = null;
    events.ended(self, unmade);
  }

  const self: Connection = {
    send(next, answerUntil) {
      [state, until, job] = ['busy', answerUntil, next];
      socket.write(next.text, 'latin1');
    },
    look(now) {
      if (now < until) return;
      if (state === 'free') end();
      else if (state === 'busy') end(new Error('the gateway did not answer in time'));
      else end(new Error('the gateway could not be connected to in time'));
    },
    end,
  };
  socket.once(config.context ? 'secureConnect' : 'connect', () => {
    if (state === 'connecting') becomeFree();
  });
  if (config.context) socket.on('session', config.onSession);
  socket.once('error', (cause) => end(new Error('the connection to the gateway broke', { cause })));
  socket.once('end', () => {
    if (state === 'busy') read(text, true);
    end();
  });
  socket.once('close', () => end());
  // Who waits for an answer holds the process; a connection alone does not.
  socket.unref();
  return self;
}

function open({ url, context, session }: ConnectionConfig, onread: OnReadOpts): Socket | TLSSocket {
  // A name in brackets is an address.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const where = { host, port: Number(url.port) || (context ? 443 : 80), noDelay: true, onread };
  if (!context) return connectTcp(where);
  return connectTls({
    ...where,
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) ? {} : { servername: host }),
    ...(session ? { session } : {}),
  });
}
