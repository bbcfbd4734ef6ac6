/** Visitors' uploads, one after the other: bounded in number, in rate and in time, and kept nowhere unless it is asked. */
import type { GoOnPorts } from '../compose/continuation.ts';
import type { Blobs, Clock, Continuing, Log, Look, PlainNote, Taking } from '../ports.ts';
import { type Answer, answer } from './answer.ts';
import { bytesOf, FILES, writeAnswer } from './files.ts';
import { type Given, readGiven } from './given.ts';
import { rateLimit } from './rate.ts';
import {
  CANDIDATES,
  calledBy,
  DONE_MS,
  isId,
  MOST_WAITING,
  plain,
  toldOf,
  tooMany,
  UPLOAD_MS,
  withinMinutes,
} from './visitors.ts';

/** Uploads of one visitor within so long, milliseconds. */
export const MOST_OF_ONE = 30;
export const RATE_MS = 600_000;
/** Of what is done so many are there at once, a few hundred kilobytes each. */
const MOST_DONE = 64;
/** Nobody has looked after it for so long: whoever gave it has gone, and it is not composed. A page in the background looks once a minute. */
export const UNSEEN_MS = 150_000;
export type QueuePorts = {
  /** Opened when there is something to compose, and released once there is nothing any more. */
  readonly open: () => Promise<Pick<GoOnPorts, 'sampler' | 'originality'> & { release(): Promise<void> }>;
  readonly clock: Pick<Clock, 'now'>;
  /** 32 hexadecimal digits that nobody can guess. */
  readonly newId: () => string;
  /** Where what a visitor asks to keep is kept. */
  readonly shared: Blobs;
  readonly log: Log;
};

type Job = {
  readonly id: string;
  /** null: it was not sent yet. */
  given: Given | null;
  readonly askedAt: number;
  readonly name: string;
  readonly minutes: number;
  readonly stop: AbortController;
  seenAt: number;
  look: Look;
  made: Answer | null;
  doneAt: number | null;
};

export function continuations(ports: QueuePorts): Continuing & Taking & { close(): Promise<void> } {
  const { clock, shared, log } = ports;
  const jobs = new Map<string, Job>();
  const admit = rateLimit(MOST_OF_ONE, RATE_MS, clock.now);
  let waiting: Job[] = [];
  let working: Promise<void> | null = null;
  let closed = false;

  /** Tickets that may still be used. */
  const unsent = () => [...jobs.values()].filter(({ given, doneAt }) => given === null && doneAt === null);
  const sweep = () => {
    const done = [...jobs.values()].filter(({ doneAt }) => doneAt !== null);
    const old = done.filter(
      ({ doneAt }, i) => clock.now() - doneAt! > DONE_MS || i < done.length - MOST_DONE,
    );
    for (const { id } of old) jobs.delete(id);
    for (const job of unsent()) if (clock.now() - job.askedAt > UPLOAD_MS) drop(job);
    for (const job of waiting.filter(({ seenAt }) => clock.now() - seenAt > UNSEEN_MS)) drop(job);
  };
  const drop = (job: Job) => {
    job.stop.abort(new Error('nobody waits for it'));
    waiting = waiting.filter((other) => other !== job);
    jobs.delete(job.id);
  };
  const settle = (job: Job, look: Look) => {
    job.look = look;
    job.doneAt = clock.now();
    // The order of a map is that of its insertions: the oldest is the first.
    if (jobs.delete(job.id)) jobs.set(job.id, job);
  };

  const compose = async (job: Job, composer: Awaited<ReturnType<QueuePorts['open']>>): Promise<void> => {
    let added: readonly PlainNote[] = [];
    let part = 0;
    const tell = () => {
      job.look = { state: 'composing', part, added };
    };
    tell();
    const settings = { name: job.name, minutes: job.minutes, candidates: CANDIDATES };
    const made = await answer(job.given!, settings, {
      sampler: composer.sampler,
      originality: composer.originality ?? null,
      signal: job.stop.signal,
      onProgress({ composedMs, ofMs }) {
        part = Math.min(1, composedMs / ofMs);
        tell();
      },
      onPhrase(written) {
        added = written.map(plain);
        tell();
      },
    });
    if (made.outcome === 'refused') {
      settle(job, { state: 'refused', reason: made.reason, message: made.message });
      return;
    }
    job.made = made;
    settle(job, { state: 'done', kept: false, record: made.record });
    log('continue.done', { notes: made.record.addedNotes, minutes: job.minutes });
  };

  const work = async (): Promise<void> => {
    let composer: Awaited<ReturnType<QueuePorts['open']>> | null = null;
    try {
      for (;;) {
        sweep();
        const job = waiting.shift();
        if (!job || closed) return;
        try {
          composer ??= await ports.open();
          await compose(job, composer);
        } catch (error) {
          if (job.stop.signal.aborted) continue;
          settle(job, { state: 'failed' });
          log('continue.failed', { reason: error instanceof Error ? error.message : String(error) });
          // A thread that has died samples nothing any more.
          await composer?.release();
          composer = null;
        }
      }
    } finally {
      await composer?.release();
      working = null;
      // Something may have come while it was released.
      if (waiting.length > 0 && !closed) working = work();
    }
  };

  const found = (id: string): Job | null => (isId(id) ? (jobs.get(id) ?? null) : null);
  const kept = (id: string, file: string) => (isId(id) ? shared.read(`${id}/${file}`) : null);

  return {
    async ask({ name, minutes, from }) {
      sweep();
      const before = waiting.length + unsent().length;
      if (before >= MOST_WAITING) return tooMany(before);
      const retryAfterS = admit(from);
      if (retryAfterS !== null) {
        const message = `that was a lot of music: the next can be given in ${retryAfterS} seconds`;
        return { outcome: 'refused', reason: 'rate', message, retryAfterS };
      }
      const id = ports.newId();
      jobs.set(id, {
        id,
        given: null,
        askedAt: clock.now(),
        name: calledBy(name),
        minutes: withinMinutes(minutes),
        stop: new AbortController(),
        seenAt: clock.now(),
        look: { state: 'queued', ahead: 0 },
        made: null,
        doneAt: null,
      });
      return { outcome: 'upload', id, url: `asked/${id}/upload`, fields: {} };
    },
    take(id, bytes) {
      sweep();
      const job = found(id);
      if (!job || job.given || job.doneAt !== null) return 'gone';
      const given = readGiven(bytes, job.name);
      if (given.outcome === 'refused') {
        settle(job, { state: 'refused', reason: given.reason, message: given.message });
        return 'taken';
      }
      job.given = given;
      job.seenAt = clock.now();
      waiting.push(job);
      working ??= work();
      return 'taken';
    },
    async look(id) {
      sweep();
      const job = found(id);
      if (!job) {
        const record = await kept(id, 'record.json');
        return record && { state: 'done', kept: true, record: JSON.parse(new TextDecoder().decode(record)) };
      }
      job.seenAt = clock.now();
      const unread = job.given === null && job.doneAt === null;
      const before = unread ? waiting.length : waiting.indexOf(job);
      return before < 0 ? job.look : { state: 'queued', ahead: before + (working ? 1 : 0) };
    },
    async file(id, file) {
      const job = found(id);
      if (file === 'given.json')
        return job?.given ? new TextEncoder().encode(JSON.stringify(toldOf(job.given))) : null;
      const made = job?.made;
      return made ? bytesOf(made, file) : kept(id, file);
    },
    async keep(id) {
      const job = found(id);
      if (!job?.made) return (await kept(id, 'record.json')) ? 'kept' : null;
      await writeAnswer(shared, `${id}/`, job.made);
      job.look = { state: 'done', kept: true, record: job.made.record };
      return 'kept';
    },
    async forget(id) {
      const job = found(id);
      if (job) drop(job);
      if (isId(id)) for (const file of [...FILES].reverse()) await shared.remove(`${id}/${file}`);
    },
    async close() {
      closed = true;
      for (const job of jobs.values()) drop(job);
      await working;
    },
  };
}
