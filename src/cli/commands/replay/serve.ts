import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../adapters/system-clock.ts';
import { openStation } from '../../../local/station.ts';
import { writeMidiFile } from '../../../music/midi/write.ts';
import { type Music, shifted, toMusic } from '../../../music/note.ts';
import { timeline } from '../../../music/timeline.ts';
import type { StoredPerformance } from '../../../ports.ts';
import { DEFAULT_TIME_OF_DAY, dateIn } from '../../../schedule/index.ts';
import { minutesText } from '../../../words.ts';
import { printJson, say } from '../../terminal/output.ts';
import { localTimeZone } from '../../terminal/time-zone.ts';

const HOST = '127.0.0.1';
/** Time to open the page, milliseconds. */
const SOON_MS = 10_000;
/** So that a page hears of the end before the server goes. */
const AFTERWARDS_MS = 2_000;

export type ServeOptions = {
  readonly speed: number;
  readonly fromMs: number;
  readonly port: number;
  readonly json?: boolean;
};

/** A private broadcast: a station of its own on this machine, with this one performance, gone when it is over. */
export async function serveReplay(
  name: string,
  music: Music,
  options: ServeOptions,
  signal: AbortSignal,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pianola-replay-'));
  const timeZone = localTimeZone();
  const { buildPage } = await import('../../../adapters/net/page-bundle.ts');
  const station = await openStation({
    dataDir,
    host: HOST,
    port: options.port,
    assets: await buildPage(),
    timeZone,
    timeOfDay: DEFAULT_TIME_OF_DAY,
    log: () => {},
  }).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  try {
    const now = systemClock.now();
    const wanted = dateIn(timeZone, now);
    const played = atSpeed(from(music, options.fromMs), options.speed);
    await station.performances.create(stored(wanted, name, played));
    const startsAt = now + SOON_MS;
    if (options.json) printJson({ url: station.url, startsAt, durationMs: played.durationMs });
    else {
      say(
        `${name} is on ${station.url}, for this machine alone, in ${SOON_MS / 1000} seconds; Ctrl-C stops it`,
      );
    }
    const over = station.play({ window: 'replay', startsAt, wanted, next: null });
    over.catch(() => {});
    await Promise.race([over, aborted(signal)]);
    await systemClock.sleepUntil(systemClock.now() + AFTERWARDS_MS, signal);
    if (!options.json) say(`Over after ${minutesText(played.durationMs)}.`);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await station.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** What is left of it from an instant on: what sounds then sounds on, and the pedal stays where it is. */
function from(music: Music, ms: number): Music {
  if (ms === 0) return music;
  const { sounding, pedal } = timeline(music).soundingAt(ms);
  const held = sounding
    .filter((note) => note.onsetMs + note.durationMs > ms)
    .map((note) => ({ ...note, onsetMs: 0, durationMs: note.onsetMs + note.durationMs - ms }));
  const later = shifted(
    music.notes.filter((note) => note.onsetMs >= ms),
    -ms,
  );
  const changes = music.pedal.filter((change) => change.ms >= ms);
  return toMusic(
    [...held, ...later],
    [
      ...(pedal > 0 ? [{ ms: 0, value: pedal }] : []),
      ...changes.map((change) => ({ ...change, ms: change.ms - ms })),
    ],
  );
}

/** Faster or slower as a whole: everything in its place, to the millisecond. */
function atSpeed(music: Music, speed: number): Music {
  if (speed === 1) return music;
  const notes = music.notes.map((note) => ({
    ...note,
    onsetMs: Math.round(note.onsetMs / speed),
    durationMs: Math.max(1, Math.round(note.durationMs / speed)),
  }));
  return toMusic(
    notes,
    music.pedal.map(({ ms, value }) => ({ ms: Math.round(ms / speed), value })),
  );
}

function stored(id: string, title: string, music: Music): StoredPerformance {
  // The title of a MIDI file must be ASCII.
  const ascii = title.replace(/[^\x20-\x7e]/g, '?');
  const midi = writeMidiFile({ title: ascii, music, markers: [] });
  return {
    midi,
    record: {
      schema: 1,
      id,
      title,
      composedAt: systemClock.now(),
      seed: 0,
      durationMs: music.durationMs,
      notes: music.notes.length,
      modelSha256: '0'.repeat(64),
      midiSha256: hash('sha256', midi),
      settings: { replay: true },
      tokens: 0,
      movements: [],
    },
  };
}
