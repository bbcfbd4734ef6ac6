import { gainOf } from '../../src/music/loudness.ts';
import type { Note } from '../../src/music/note.ts';
import { cutoffOf, forteOf } from './response.ts';
import type { Grand, Layer, Sample } from './samples.ts';

/** A recording that sounds in a note: how fast it is played, and its share of the note. */
export type Part = { readonly sample: Sample; readonly rate: number; readonly share: number };
export type Voicing = { readonly parts: readonly Part[]; readonly gain: number; readonly cutoffHz: number };

/** No two strokes of a key are alike; by so much they differ, either way. */
const CENTS = 1.5;
const DECIBELS = 0.4;
const BRIGHTNESS = 0.15;
/** Recordings up to so many semitones further than the nearest one serve as alternatives to it, now and then. */
const DETOUR = 1;
const DETOURS = 0.35;

/** How a note sounds. Everything that varies follows from its onset and pitch: everybody hears the same. */
export function voicing(grand: Grand, note: Note): Voicing {
  const draw = draws(note.onsetMs, note.pitch);
  const cents = CENTS * (2 * draw(0) - 1);
  const detour = draw(3) < DETOURS;
  const forte = forteOf(note.velocity);
  const part = (layer: Layer, share: number): Part[] => {
    const sample = share > 0 ? choose(layer, note.pitch, detour) : null;
    return sample ? [{ sample, share, rate: 2 ** ((note.pitch - sample.pitch + cents / 100) / 12) }] : [];
  };
  return {
    parts: [...part(grand.soft, 1 - forte), ...part(grand.forte, forte)],
    gain: gainOf(note.velocity) * 10 ** ((DECIBELS * (2 * draw(1) - 1)) / 20),
    cutoffHz: cutoffOf(note.pitch, note.velocity) * 2 ** (BRIGHTNESS * (2 * draw(2) - 1)),
  };
}

/** The nearest recording; on a detour the next one, where it is hardly further. */
function choose(layer: Layer, pitch: number, detour: boolean): Sample | null {
  const distance = ({ pitch: recorded }: Sample) => Math.abs(recorded - pitch);
  const [nearest, next] = nearestOf(layer, pitch);
  if (!nearest) return null;
  return detour && next && distance(next) <= distance(nearest) + DETOUR ? next : nearest;
}

const nearest = new WeakMap<Layer, Map<number, readonly Sample[]>>();
/** All recordings of a layer, the nearest to a key first, and the lower of two as near: asked for with every stroke. */
function nearestOf(layer: Layer, pitch: number): readonly Sample[] {
  const known = nearest.get(layer) ?? new Map<number, readonly Sample[]>();
  nearest.set(layer, known);
  const distance = ({ pitch: recorded }: Sample) => Math.abs(recorded - pitch);
  const found = known.get(pitch) ?? [...layer].sort((a, b) => distance(a) - distance(b) || a.pitch - b.pitch);
  known.set(pitch, found);
  return found;
}

/** Numbers in [0, 1) that look random, four of a note: a multiplicative hash ("lowbias32", C. Wellons). */
function draws(onsetMs: number, pitch: number): (which: 0 | 1 | 2 | 3) => number {
  return (which) => {
    let x = Math.imul(onsetMs, 0x9e3779b1) ^ Math.imul(4 * pitch + which + 1, 0x85ebca77);
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}
