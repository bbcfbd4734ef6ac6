import { chordsOf } from '../chords.ts';
import { type Music, type Note, type PedalChange, toMusic } from '../note.ts';
import { boundSounding, eachKeyOnce } from '../sounding.ts';
import { mean } from '../statistics.ts';

/** What the pass does, in velocity steps and milliseconds; kept in the record. */
export const TOUCH_SETTINGS = {
  /** The top of a chord is lifted, what lies between top and bass is softened. */
  top: 5,
  inner: -4,
  /** A chord is spread from the bass upwards, by 5 ms for two notes and at most this for many. */
  spreadMs: 12,
  /** Each section swells by so much towards its peak, and falls again. */
  arc: 20,
  /** So much of the way from the loudness that was sampled to the one that was planned; and so much of its spread. */
  level: 0.7,
  range: 0.85,
  /** Passages that would be softer on average are lifted to it, near where the softest of most rolls lie. */
  softest: 35,
  /** Note ends within so much of one another become one. */
  endsMs: 40,
} as const;

/** Where the peak of a section lies, as a part of it. */
const PEAK = 0.62;
/** Mean velocity of a movement planned at level 0, and what a level adds: narrower than the levels of tokens/vocabulary.ts, as rolls are. */
const SOFTEST_LEVEL = 26;
const LEVEL_WIDTH = 10;
const velocityAt = (level: number): number => SOFTEST_LEVEL + level * LEVEL_WIDTH;
/** The level at which a movement of this mean velocity would have been planned. */
export const levelOf = (velocity: number): number => (velocity - SOFTEST_LEVEL) / LEVEL_WIDTH;
/** A passage is what is struck within so much of a note; milliseconds. */
const PASSAGE_MS = 4000;
/** No note falls silent because its section does. */
const SOFTEST = 12;
const LOUDEST = 120;
/** The pedal is lifted where so many notes end as one. */
const LIFTED = 3;
/** It goes down so long after the last release that it must not catch, and for so long at least; milliseconds. */
const AFTER_RELEASE_MS = 20;
const SHORTEST_PEDAL_MS = 150;

/**
 * Plays sampled notes as a pianist might: chords voiced and spread, an arc of loudness a section, releases gathered and
 * pedalled. No randomness. The network's durations have the pedal folded into them; it is unfolded where several notes
 * end as one, so that the instrument may resonate, and only where nothing sounds longer for it.
 * @param notes in order of onset @param sectionsMs where sections begin @param loudness planned level, 0–7
 */
export function touch(notes: readonly Note[], sectionsMs: readonly number[], loudness: number): Music {
  const softest = Math.min(TOUCH_SETTINGS.softest, velocityAt(loudness));
  const voiced = spreadChords(liftSoftest(shapeLoudness(notes, sectionsMs, loudness), softest));
  const played = boundSounding(eachKeyOnce(gatherEnds(eachKeyOnce(voiced))));
  return toMusic(played, pedalOf(played));
}

function shapeLoudness(notes: readonly Note[], sectionsMs: readonly number[], loudness: number): Note[] {
  const planned = velocityAt(loudness);
  const sampled = mean(notes.map(({ velocity }) => velocity));
  const centre = sampled + TOUCH_SETTINGS.level * (planned - sampled);
  const lastMs = notes.at(-1)?.onsetMs ?? 0;
  return notes.map((note) => {
    const section = sectionsMs.findLastIndex((ms) => ms <= note.onsetMs);
    const from = sectionsMs[section] ?? 0;
    const to = sectionsMs[section + 1] ?? lastMs;
    const swell = TOUCH_SETTINGS.arc * (arch((note.onsetMs - from) / Math.max(1, to - from)) - 0.5);
    return withVelocity(note, centre + TOUCH_SETTINGS.range * (note.velocity - sampled) + swell);
  });
}

function liftSoftest(notes: readonly Note[], softest: number): Note[] {
  let [from, to, sum] = [0, 0, 0];
  return notes.map((note) => {
    while (to < notes.length && notes[to]!.onsetMs <= note.onsetMs + PASSAGE_MS) sum += notes[to++]!.velocity;
    while (notes[from]!.onsetMs < note.onsetMs - PASSAGE_MS) sum -= notes[from++]!.velocity;
    return withVelocity(note, note.velocity + Math.max(0, softest - sum / (to - from)));
  });
}

/** 0 at both ends, 1 at the peak, smooth. @param part 0 to 1 */
function arch(part: number): number {
  const way = part < PEAK ? part / PEAK : (1 - part) / (1 - PEAK);
  return (1 - Math.cos(Math.PI * Math.min(1, Math.max(0, way)))) / 2;
}

function spreadChords(notes: readonly Note[]): Note[] {
  return chordsOf(notes).flatMap((chord) => {
    const pitches = chord.map(({ pitch }) => pitch);
    const [lowest, highest] = [Math.min(...pitches), Math.max(...pitches)];
    const first = chord[0]!.onsetMs;
    // What is spread already, by the network or as a closing chord, stays as it is.
    const struckAtOnce = chord.every(({ onsetMs }) => onsetMs === first);
    const spanMs = Math.min(TOUCH_SETTINGS.spreadMs, 3 + 2 * (chord.length - 1));
    return chord.map((note, i) => {
      const lateMs = struckAtOnce && chord.length > 1 ? Math.round((spanMs * i) / (chord.length - 1)) : 0;
      const by =
        chord.length === 1 || note.pitch === lowest
          ? 0
          : note.pitch === highest
            ? TOUCH_SETTINGS.top
            : TOUCH_SETTINGS.inner;
      const late = { onsetMs: note.onsetMs + lateMs, durationMs: Math.max(1, note.durationMs - lateMs) };
      return withVelocity({ ...note, ...late }, note.velocity + by);
    });
  });
}

/** Fingers leave the keys of a chord together: ends within 40 ms become the last of them. */
function gatherEnds(notes: readonly Note[]): Note[] {
  const byEnd = notes.map((note) => ({ note, endMs: endOf(note) })).sort((a, b) => a.endMs - b.endMs);
  const gathered: Note[] = [];
  for (let from = 0; from < byEnd.length; ) {
    let to = from;
    while (to + 1 < byEnd.length && byEnd[to + 1]!.endMs - byEnd[from]!.endMs <= TOUCH_SETTINGS.endsMs) to++;
    for (let i = from; i <= to; i++) {
      const { note } = byEnd[i]!;
      gathered.push({ ...note, durationMs: byEnd[to]!.endMs - note.onsetMs });
    }
    from = to + 1;
  }
  return gathered;
}

/** Down between two releases, up with the second, where that one lets go of several notes at once. */
function pedalOf(notes: readonly Note[]): PedalChange[] {
  const ends = new Map<number, number>();
  for (const note of notes) ends.set(endOf(note), (ends.get(endOf(note)) ?? 0) + 1);
  const pedal: PedalChange[] = [];
  let beforeMs = notes[0]?.onsetMs ?? 0;
  for (const [ms, count] of [...ends].sort((a, b) => a[0] - b[0])) {
    const downMs = beforeMs + AFTER_RELEASE_MS;
    if (count >= LIFTED && ms - downMs >= SHORTEST_PEDAL_MS) {
      pedal.push({ ms: downMs, value: 127 }, { ms, value: 0 });
    }
    beforeMs = ms;
  }
  return pedal;
}

const endOf = (note: Note): number => note.onsetMs + note.durationMs;

const withVelocity = (note: Note, velocity: number): Note => ({
  ...note,
  velocity: Math.round(Math.min(LOUDEST, Math.max(SOFTEST, velocity))),
});
