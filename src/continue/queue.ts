/** Visitors' uploads, one after the other: bounded in number, in rate and in time, and kept nowhere unless it is asked. */
import type { GoOnPorts } from '../compose/continuation.ts';
import type { Note } from '../music/note.ts';
import type { Blobs, Clock, Continuing, Log, Look, PlainNote } from '../ports.ts';
import { type Answer, answer } from './answer.ts';
import { bytesOf, FILES, writeAnswer } from './files.ts';
import { type Given, readGiven } from './given.ts';
import { rateLimit } from './rate.ts';

/** Uploads that wait. */
export const MOST_WAITING = 24;
/** Uploads of one visitor within so long, milliseconds. */
export const MOST_OF_ONE = 30;
export const RATE_MS = 600_000;
/** What is done is there for so long, unless it is kept; milliseconds. */
export const DONE_MS = 1_800_000;
/** Of what is done so many are there at once, a few hundred kilobytes each. */
const MOST_DONE = 64;
/** Nobody has looked after it for so long: whoever gave it has gone, and it is not composed. A page in the background looks once a minute. */
export const UNSEEN_MS = 150_000;
/** Half of what a day has: the page's visitor waits. Four are sampled in one run of the network. */
const CANDIDATES = 4;
const SHORTEST_MINUTES = 0.5;
const LONGEST_MINUTES = 2;
const MOST_NAME = 120;
const ID = /^[0-9a-f]{32}$/;

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
  readonly given: Given;
  readonly name: string;
  readonly minutes: number;
  readonly stop: AbortController;
  seenAt: number;
  look: Look;
  made: Answer | null;
  doneAt: number | null;
};

export function continuations(ports: QueuePorts): Continuing & { close(): Promise<void> } {
  const { clock, shared, log } = ports;
  const jobs = new Map<string, Job>();
  const admit = rateLimit(MOST_OF_ONE, RATE_MS, clock.now);
  let waiting: Job[] = [];
  let working: Promise<void> | null = null;
  let closed = false;

  const sweep = () => {
    const done = [...jobs.values()].filter(({ doneAt }) => doneAt !== null);
    const old = done.filter(
      ({ doneAt }, i) => clock.now() - doneAt! > DONE_MS || i < done.length - MOST_DONE,
    );
    for (const { id } of old) jobs.delete(id);
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
    const made = await answer(job.given, settings, {
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

  const found = (id: string): Job | null => (ID.test(id) ? (jobs.get(id) ?? null) : null);
  const kept = (id: string, file: string) => (ID.test(id) ? shared.read(`${id}/${file}`) : null);

  return {
    ask({ bytes, name, minutes, from }) {
      sweep();
      const called = name.slice(0, MOST_NAME) || 'your music';
      if (waiting.length >= MOST_WAITING) {
        const message = `${waiting.length} others are waiting already: come again in a few minutes`;
        return { outcome: 'refused', reason: 'busy', message, retryAfterS: 60 };
      }
      const given = readGiven(bytes, called);
      if (given.outcome === 'refused') return given;
      const retryAfterS = admit(from);
      if (retryAfterS !== null) {
        const message = `that was a lot of music: the next can be given in ${retryAfterS} seconds`;
        return { outcome: 'refused', reason: 'rate', message, retryAfterS };
      }
      const job: Job = {
        id: ports.newId(),
        given,
        name: called,
        minutes: Math.min(LONGEST_MINUTES, Math.max(SHORTEST_MINUTES, minutes)),
        stop: new AbortController(),
        seenAt: clock.now(),
        look: { state: 'queued', ahead: 0 },
        made: null,
        doneAt: null,
      };
      jobs.set(job.id, job);
      waiting.push(job);
      working ??= work();
      const { music, verdict, warnings } = given.file;
      const { id } = job;
      const { durationMs } = music;
      return { outcome: 'queued', id, verdict, warnings, given: music.notes.map(plain), durationMs };
    },
    async look(id) {
      sweep();
      const job = found(id);
      if (!job) {
        const record = await kept(id, 'record.json');
        return record && { state: 'done', kept: true, record: JSON.parse(new TextDecoder().decode(record)) };
      }
      job.seenAt = clock.now();
      const before = waiting.indexOf(job);
      return before < 0 ? job.look : { state: 'queued', ahead: before + (working ? 1 : 0) };
    },
    async file(id, file) {
      const made = found(id)?.made;
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
      if (ID.test(id)) for (const file of [...FILES].reverse()) await shared.remove(`${id}/${file}`);
    },
    async close() {
      closed = true;
      for (const job of jobs.values()) drop(job);
      await working;
    },
  };
}

const plain = ({ onsetMs, durationMs, pitch, velocity }: Note): PlainNote => [
  ...([onsetMs, durationMs, pitch, velocity] as const),
];
