/** Any MIDI file in bars: on its own grid where it has one, else on beats that are found in it. */
import { musicOf } from '../midi/file.ts';
import type { Reading, Tempo } from '../midi/reading.ts';
import { stavesOf } from '../midi/staves.ts';
import { tempoMap } from '../midi/tempo-map.ts';
import type { Note } from '../note.ts';
import { beatsOf } from './beats.ts';
import { type LaidOut, layOut, type Staves } from './lay-out.ts';
import { type Bar, barAt, type Metre, type Score, STEPS_PER_QUARTER } from './score.ts';

export type Placed = {
  readonly score: Score;
  /** Quarters a minute of its first bars, and of its last, where a continuation goes on: no fermata's, and no final ritard's. */
  readonly opensAt: number;
  readonly quartersPerMinute: number;
  /** Where the last bar is over, milliseconds. */
  readonly endMs: number;
  /** Whether the beats were found, not read. */
  readonly quantised: boolean;
};

/** Onsets this near to a step of the grid are on it, steps; and so many of all must be, for the file to have a grid. */
const NEAR = 0.3;
const ON_GRID = 0.9;
/** Ticks of a beat, where beats are found. */
const PPQ = 480;
/** A tempo is that of so many bars, or beats where these are found. */
const TEMPO_BARS = 8;
const TEMPO_BEATS = 8;
const METRES: readonly Metre[] = [
  { beats: 4, unit: 4 },
  { beats: 3, unit: 4 },
];
/** A bar of three must be so much clearer than one of four. */
const TRIPLE_MARGIN = 1.15;

/** What there is to say of music that cannot be laid out, as the rest of a sentence about it. */
export const BARS_TOO_LONG = 'has bars of over eight quarters: give it in shorter ones';

/** @param reading with at least one note of a piano @returns null where it cannot be laid out: a bar of over eight quarters */
export function placeMusic(reading: Reading): Placed | null {
  const staves = stavesOf(reading, false);
  return isOnGrid(staves) ? onGrid(reading, staves) : onBeats(musicOf(reading).music.notes);
}

/** Thirty-seconds, or triplet sixteenths: half of all steps are neither. */
const isPlace = (step: number): boolean => step % 3 === 0 || step % 4 === 0;

/** Whether notes begin on a grid of beats, and not by chance; where no metre is told, it is common time (RP-001). */
export function isOnGrid({ ppq, staves }: Staves): boolean {
  let near = 0;
  let count = 0;
  for (const { notes } of staves)
    for (const { tick } of notes) {
      const step = (tick * STEPS_PER_QUARTER) / ppq;
      if (Math.abs(step - Math.round(step)) <= NEAR && isPlace(Math.round(step))) near++;
      count++;
    }
  return count > 0 && near / count >= ON_GRID;
}

function onGrid(reading: Reading, staves: Staves): Placed | null {
  const laid = layOut(staves);
  if (!laid) return null;
  const { shift, ...score } = laid;
  const { bars } = score;
  const tickAt = (step: number): number => ((step - shift) * reading.ppq) / STEPS_PER_QUARTER;
  const first = barAt(score, score.notes[0]!.onset);
  const tempo = (from: number, bar: Bar): number =>
    tempoWithin(reading.tempos, tickAt(from), tickAt(bar.start + bar.length));
  const last = bars.at(-1)!;
  return {
    score,
    opensAt: tempo(bars[first]!.start, bars[Math.min(first + TEMPO_BARS, bars.length) - 1]!),
    quartersPerMinute: tempo(bars[Math.max(0, bars.length - TEMPO_BARS)]!.start, last),
    endMs: Math.round(tempoMap(reading.ppq, reading.tempos)(tickAt(last.start + last.length)) * 1000),
    quantised: false,
  };
}

/** The median of the tempos that hold between two ticks, each as heavy as it is long in beats; quarters a minute. */
function tempoWithin(tempos: readonly Tempo[], from: number, to: number): number {
  const held = tempos
    .map(({ tick, microsecondsPerQuarter }, i) => ({
      microsecondsPerQuarter,
      ticks: Math.min(to, tempos[i + 1]?.tick ?? to) - Math.max(from, i === 0 ? from : tick),
    }))
    .filter(({ ticks }) => ticks > 0)
    .sort((a, b) => a.microsecondsPerQuarter - b.microsecondsPerQuarter);
  let left = held.reduce((sum, { ticks }) => sum + ticks, 0) / 2;
  const median = held.find(({ ticks }) => {
    left -= ticks;
    return left <= 0;
  });
  return 60_000_000 / median!.microsecondsPerQuarter;
}

/** Each beat is taken for a quarter; bars are of three or four, whichever has the clearer first beat. */
function onBeats(notes: readonly Note[]): Placed | null {
  const beats = beatsOf(notes);
  const tickAt = (ms: number): number => {
    let i = 0;
    while (i + 2 < beats.length && beats[i + 1]! <= ms) i++;
    return Math.max(0, Math.round(PPQ * (i + (ms - beats[i]!) / (beats[i + 1]! - beats[i]!))));
  };
  const staff = notes.map(({ onsetMs, durationMs, pitch }) => {
    const tick = snapped(tickAt(onsetMs));
    return { tick, ticks: Math.max(PPQ / 8, snapped(tickAt(onsetMs + durationMs)) - tick), pitch };
  });
  const scores = METRES.map((metre) =>
    layOut({
      ppq: PPQ,
      signatures: [{ tick: 0, metre }],
      staves: [{ program: 0, notes: staff }],
      song: false,
    }),
  );
  const [four, three] = scores as [LaidOut | null, LaidOut | null];
  if (!four || !three) return null;
  const { shift, ...score } = clarity(three) > TRIPLE_MARGIN * clarity(four) ? three : four;
  const { start, length } = score.bars.at(-1)!;
  const beatMs = meanGap(beats.slice(-TEMPO_BEATS));
  const endBeat = (start + length - shift) / STEPS_PER_QUARTER;
  const within = Math.min(endBeat, beats.length - 1);
  const i = Math.min(Math.floor(within), beats.length - 2);
  const endMs = beats[i]! + (within - i) * (beats[i + 1]! - beats[i]!) + (endBeat - within) * beatMs;
  return {
    score,
    opensAt: 60_000 / meanGap(beats.slice(0, TEMPO_BEATS)),
    quartersPerMinute: 60_000 / beatMs,
    endMs: Math.round(endMs),
    quantised: true,
  };
}

const meanGap = (beats: readonly number[]): number => (beats.at(-1)! - beats[0]!) / (beats.length - 1);

/** To the nearest sixteenth or triplet eighth of a beat. */
function snapped(tick: number): number {
  const beat = Math.floor(tick / PPQ) * PPQ;
  const places = [0, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1].map((part) => beat + part * PPQ);
  return places.reduce((a, b) => (Math.abs(b - tick) < Math.abs(a - tick) ? b : a));
}

/** How much more begins on first beats than on others. */
function clarity(score: Score): number {
  const width = score.bars[0]!.length;
  const beats = width / STEPS_PER_QUARTER;
  const weight = new Float64Array(beats);
  for (const { onset, length, pitch } of score.notes)
    if (onset % STEPS_PER_QUARTER === 0)
      weight[(onset % width) / STEPS_PER_QUARTER]! +=
        Math.min(1, length / width) + Math.max(0, (60 - pitch) / 24);
  const sum = weight.reduce((total, value) => total + value, 0);
  return sum === 0 ? 0 : (weight[0]! * beats) / sum;
}
