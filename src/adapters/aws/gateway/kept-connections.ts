/**
 * Kept connections to one host, TLS or not. Where the host takes HTTP/2 (ALPN), a few carry many requests each at a time, and
 * the one with the fewest is used next; where not, there are many with one request each (RFC 9112, without pipelining: nobody
 * promises that the gateway bears it), and the one that was used last is used next, so that those not needed come to rest.
 *
 * Endpoints of execute-api are said to accept HTTP/2; for @connections it is nowhere promised, and was not seen. So nothing here
 * relies upon it: what the handshake says decides. A host that offers it and then breaks its rules, or says that we did, is
 * spoken to by HTTP/1.1 until `close`, which is as long as a function's process lives.
 */
import { createSecureContext } from 'node:tls';
import { type Connection, connection, type Protocol } from './connection.ts';
import { STREAMS } from './http2/session.ts';
import type { HttpAnswer, HttpRequest, Job } from './request.ts';

export type KeptConfig = {
  /** Scheme, host and port are used. */
  readonly url: URL;
  /** What the host's certificate must be signed by, PEM, where that is not known to everybody. */
  readonly ca?: string;
  /** More requests at a time wait, the first of them first. Over HTTP/2 there are four connections at most. */
  readonly connections: number;
  /** What is offered to the host, the best first; without TLS it is HTTP/1.1. */
  readonly protocols?: readonly Protocol[];
  /** Told once, where HTTP/2 was offered, could not be spoken, and is not tried again. */
  readonly fellBack?: () => void;
  /** How long a connection may take to be made, an answer to be whole, and how long one that is not used is kept; milliseconds. */
  readonly connectMs: number;
  readonly answerMs: number;
  readonly restMs: number;
};
export type KeptConnections = {
  /**
   * Sends a request, and reads its answer. Throws where none came, in time and readable; whether the request was heard is not
   * known then.
   */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends those over which nothing is under way. */
  letGo(): void;
  /** Ends all of them; what is under way is rejected. */
  close(): void;
};

/** How often it is looked whether something is late, milliseconds. */
const LOOK_MS = 100;
/** Connections with many requests each; until one is made, it is not known whether they will have. */
const SHARED_CONNECTIONS = 4;

export function keptConnections(config: KeptConfig): KeptConnections {
  const { url, connectMs, answerMs, restMs } = config;
  // One for all: to read certificates takes as long as some posts.
  const context =
    url.protocol === 'https:' ? createSecureContext(config.ca === undefined ? {} : { ca: config.ca }) : null;
  let protocols: readonly Protocol[] = context ? (config.protocols ?? ['h2', 'http/1.1']) : ['http/1.1'];
  /** Of the last that was made; before, what is hoped for. */
  let spoken: Protocol = protocols[0]!;
  const all = new Set<Connection>();
  /** Those with room. */
  const free: Connection[] = [];
  const waiting: Job[] = [];
  let connecting = 0;
  /** Requests that wait or are under way. */
  let asked = 0;
  let session: Buffer | undefined;
  let timer: NodeJS.Timeout | null = null;

  function leastLoaded(): Connection | undefined {
    let best: Connection | undefined;
    for (let at = free.length - 1; at >= 0 && best?.load() !== 0; at--) {
      const each = free[at]!;
      // The other side may have taken back what it had offered.
      if (each.room() === 0) free.splice(at, 1);
      else if (!best || each.load() < best.load()) best = each;
    }
    return best;
  }
  function remove(from: Connection): void {
    const at = free.lastIndexOf(from);
    if (at >= 0) free.splice(at, 1);
  }
  function give(job: Job, to: Connection): void {
    to.send(job, performance.now() + answerMs);
    if (to.room() === 0) remove(to);
  }
  function giveWaiting(to: Connection): void {
    if (!free.includes(to)) free.push(to);
    while (waiting.length > 0 && to.room() > 0) give(waiting.shift()!, to);
  }

  /** As many as there are requests without one, if there may be so many. */
  function open(): void {
    const most = spoken === 'h2' ? Math.min(SHARED_CONNECTIONS, config.connections) : config.connections;
    const needed = Math.ceil(waiting.length / (spoken === 'h2' ? STREAMS : 1));
    while (all.size < most && connecting < needed) {
      connecting++;
      let isMade = false;
      const until = performance.now() + connectMs;
      const onSession = (agreed: Buffer) => {
        session = agreed;
      };
      all.add(
        connection(
          { url, context, protocols, session, onSession, until, answerMs, restMs },
          {
            free(made, protocol) {
              if (!isMade) connecting--;
              isMade = true;
              if (protocols.includes(protocol)) {
                spoken = protocol;
                giveWaiting(made);
                open();
              } else if (made.load() === 0) made.end();
            },
            ended(over, unmade) {
              all.delete(over);
              remove(over);
              // Those who would have been given it are told; the others have their own.
              const its = spoken === 'h2' ? Math.ceil(waiting.length / Math.max(1, connecting)) : 1;
              if (!isMade) connecting--;
              if (unmade) for (const job of waiting.splice(0, its)) job.reject(unmade);
              if (all.size === 0 && waiting.length === 0) stopLooking();
              else open();
            },
            misunderstood() {
              if (protocols.includes('h2')) config.fellBack?.();
              protocols = ['http/1.1'];
              spoken = 'http/1.1';
              // What is under way over the others may still be answered; nothing more is asked over them.
              free.length = 0;
            },
          },
        ),
      );
    }
  }

  function look(): void {
    const now = performance.now();
    for (const each of all) each.look(now);
  }
  function stopLooking(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }
  const done = () => {
    // A process may end while connections rest.
    if (--asked === 0) timer?.unref();
  };

  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        timer ??= setInterval(look, LOOK_MS);
        if (asked++ === 0) timer.ref();
        const job: Job = {
          request,
          resolve(answer) {
            done();
            resolve(answer);
          },
          reject(error) {
            done();
            reject(error);
          },
        };
        const idle = leastLoaded();
        if (idle) return give(job, idle);
        waiting.push(job);
        open();
      }),
    letGo() {
      for (const each of [...free]) if (each.load() === 0) each.end();
    },
    close() {
      const error = new Error('the connections to the gateway were closed');
      for (const job of waiting.splice(0)) job.reject(error);
      for (const each of [...all]) each.end(error);
    },
  };
}
