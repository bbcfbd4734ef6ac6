/**
 * Kept connections to one host, TLS or not, each with one request at a time under way (RFC 9112, without pipelining: nobody
 * promises that the gateway bears it). The one that was used last is used next, so that those that are not needed come to rest.
 */
import { createSecureContext } from 'node:tls';
import { type Connection, connection, type Job } from './connection.ts';
import type { HttpAnswer } from './read-answer.ts';

export type KeptConfig = {
  /** Scheme, host and port are used. */
  readonly url: URL;
  /** What the host's certificate must be signed by, PEM, where that is not known to everybody. */
  readonly ca?: string;
  /** More requests at a time wait, the first of them first. */
  readonly connections: number;
  /** How long a connection may take to be made, an answer to be whole, and how long one that is not used is kept; milliseconds. */
  readonly connectMs: number;
  readonly answerMs: number;
  readonly restMs: number;
};
export type KeptConnections = {
  /**
   * Sends a whole request, a character a byte, and reads its answer. Throws where none came, in time and readable; whether
   * the request was heard is not known then.
   */
  exchange(text: string): Promise<HttpAnswer>;
  /** Ends those over which nothing is under way. */
  letGo(): void;
  /** Ends all of them; what is under way is rejected. */
  close(): void;
};

/** How often it is looked whether something is late, milliseconds. */
const LOOK_MS = 100;

export function keptConnections(config: KeptConfig): KeptConnections {
  const { url, connectMs, answerMs, restMs } = config;
  // One for all: to read certificates takes as long as some posts.
  const context =
    url.protocol === 'https:' ? createSecureContext(config.ca === undefined ? {} : { ca: config.ca }) : null;
  const all = new Set<Connection>();
  const free: Connection[] = [];
  const waiting: Job[] = [];
  let connecting = 0;
  /** Requests that wait or are under way. */
  let asked = 0;
  let session: Buffer | undefined;
  let timer: NodeJS.Timeout | null = null;

  const giveNext = (to: Connection) => {
    const job = waiting.shift();
    if (job) to.send(job, performance.now() + answerMs);
    else free.push(to);
  };

  /** As many as there are requests without one, if there may be so many. */
  function open(): void {
    while (all.size < config.connections && connecting < waiting.length) {
      connecting++;
      let isMade = false;
      const until = performance.now() + connectMs;
      const onSession = (agreed: Buffer) => {
        session = agreed;
      };
      all.add(
        connection(
          { url, context, session, onSession, until, restMs },
          {
            free(made) {
              if (!isMade) connecting--;
              isMade = true;
              giveNext(made);
            },
            ended(over, unmade) {
              all.delete(over);
              const at = free.indexOf(over);
              if (at >= 0) free.splice(at, 1);
              if (!isMade) connecting--;
              // Whoever would have been given it is told; the others have their own.
              if (unmade) waiting.shift()?.reject(unmade);
              if (all.size === 0 && waiting.length === 0) stopLooking();
              else open();
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
    exchange: (text) =>
      new Promise((resolve, reject) => {
        timer ??= setInterval(look, LOOK_MS);
        if (asked++ === 0) timer.ref();
        const job: Job = {
          text,
          resolve(answer) {
            done();
            resolve(answer);
          },
          reject(error) {
            done();
            reject(error);
          },
        };
        const idle = free.pop();
        if (idle) return idle.send(job, performance.now() + answerMs);
        waiting.push(job);
        open();
      }),
    letGo() {
      for (const idle of [...free]) idle.end();
    },
    close() {
      const error = new Error('the connections to the gateway were closed');
      for (const job of waiting.splice(0)) job.reject(error);
      for (const each of [...all]) each.end(error);
    },
  };
}
