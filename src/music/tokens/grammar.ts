/**
 * What may come next while a phrase is written, so that every sampled phrase is a valid one: each token in its slot,
 * chords written upwards, places within the bar and on values that can be engraved, two hands of five fingers and a tenth
 * each, no key struck twice in a moment. A phrase is over when its last bar is. One that ends a piece rests in its last
 * bar: see final-rest.ts.
 */
import type { Key } from '../key.ts';
import { barLength, type Metre, PARTS, STEPS_PER_QUARTER } from '../score/score.ts';
import { restingPitches } from './final-rest.ts';
import {
  EMPTY_BAR,
  END,
  HERE,
  LENGTH,
  LENGTHS,
  LONGEST_BAR,
  NEXT,
  NO_LENGTH,
  NO_PITCH,
  PITCH,
  PITCHES,
  SOURCE,
  type Texture,
  VOCABULARY_SIZE,
} from './vocabulary.ts';

/** Semitones that a hand spans, and its fingers. */
export const HAND_SPAN = 16;
export const FINGERS = 5;
/** Steps before a key may be struck again: a sixteenth. */
const RESTRIKE_STEPS = 6;
/** Notes that may begin in one quarter, chords counted whole. */
const MOST_A_QUARTER = 20;
/** Bars in a row that may be empty. */
const EMPTY_BARS = 1;

export type Grammar = {
  /** 1 where a token may follow, one entry a token id; valid until the next `push`. */
  allowed(): Uint8Array;
  push(token: number): void;
  /** 0–2: which token of a note comes next. */
  readonly slot: number;
  /** The last bar is over; the token that said so belongs to no bar of this phrase. */
  readonly over: boolean;
};

/** Within a quarter, thirty-seconds stand on multiples of 3 and triplet sixteenths on multiples of 4; eighths on both. */
const isBinary = (step: number): boolean => step % 3 === 0;
const isTernary = (step: number): boolean => step % 4 === 0;

export function grammar({
  bars,
  metre,
  texture,
  rests,
}: {
  readonly bars: number;
  readonly metre: Metre;
  readonly texture: Texture;
  /** In which key the last bar comes to rest; not given where nothing ends. */
  readonly rests?: Key | undefined;
}): Grammar {
  const width = barLength(metre);
  const mask = new Uint8Array(VOCABULARY_SIZE);
  const struckAt = new Float64Array(PITCHES).fill(Number.NEGATIVE_INFINITY);
  let bar = -1;
  let at = -1;
  let empty = 0;
  let slot = 0;
  let place = 0;
  let key = -1;
  let over = false;
  /** Keys struck at this place by the left hand, and by the right hand with the voice. */
  let hands: [number[], number[]] = [[], []];
  let sung = false;
  /** The quarter being written: notes begun in it, and which division it has. */
  let quarter = -1;
  let inQuarter = 0;
  let division: 'binary' | 'ternary' | null = null;

  const rest = rests && restingPitches(rests);

  const now = (): number => bar * width + at;
  const canTake = (hand: number, next: number): boolean => {
    const keys = hands[hand]!;
    // Hands do not cross: what lies above the right hand's lowest note is the right hand's.
    if (hand === 0 && hands[1].length > 0) return false;
    return keys.length < FINGERS && (keys.length === 0 || next - keys[0]! <= HAND_SPAN);
  };
  const mayStrike = (next: number): boolean =>
    now() - struckAt[next]! >= RESTRIKE_STEPS && (canTake(0, next) || canTake(1, next));
  const mayWrite = (next: number): boolean =>
    mayStrike(next) && (!rest || bar < bars - 1 || rest.allows(next, hands[0].length + hands[1].length > 0));

  /** Whether an onset may stand at a step of a bar. */
  function engravable(barIndex: number, step: number): boolean {
    if (!isBinary(step) && !isTernary(step)) return false;
    const its = barIndex * LONGEST_BAR + Math.floor(step / STEPS_PER_QUARTER);
    if (its !== quarter) return true;
    if (inQuarter >= MOST_A_QUARTER) return false;
    return division === null || (division === 'binary' ? isBinary(step) : isTernary(step));
  }

  function allowPlaces(): void {
    const last = bar === bars - 1;
    if (bar >= 0) {
      if (at >= 0) {
        let grows = false;
        if (inQuarter < MOST_A_QUARTER)
          for (let next = key + 1; next < PITCHES; next++) grows ||= mayWrite(next);
        if (grows) mask[HERE + at] = 1;
        for (let step = at + 1; step < width; step++) if (engravable(bar, step)) mask[HERE + step] = 1;
      }
      if (last) mask[END] = 1;
    }
    // A bar in which a piece comes to rest does so on its first beat.
    const resting = rest && bar === bars - 2;
    for (let step = 0; step < (resting ? 1 : width); step++)
      if (engravable(bar + 1, step)) mask[NEXT + step] = 1;
    if (empty < EMPTY_BARS && !resting) mask[EMPTY_BAR] = 1;
  }

  function allowPitches(): void {
    const lowest = place === HERE + at && hands[0].length + hands[1].length > 0 ? key + 1 : 0;
    let any = false;
    for (let next = lowest; next < PITCHES; next++) {
      if (!mayWrite(next)) continue;
      mask[PITCH + next] = 1;
      any = true;
    }
    // Where each key of the rest was struck a moment ago, another is better than none.
    for (let next = lowest; next < PITCHES && !any; next++) if (mayStrike(next)) mask[PITCH + next] = 1;
  }

  function allowLengths(): void {
    for (const [i, length] of LENGTHS.entries()) {
      const end = at + length;
      if (length < 3 || !(isBinary(end) || isTernary(end))) continue;
      if (canTake(0, key)) mask[LENGTH + LENGTHS.length + i] = 1;
      if (canTake(1, key)) {
        mask[LENGTH + i] = 1;
        if (texture === 'song' && !sung) mask[LENGTH + 2 * LENGTHS.length + i] = 1;
      }
    }
  }

  function enter(step: number): void {
    if (step === at && place < NEXT) return;
    at = step;
    hands = [[], []];
    sung = false;
    const its = bar * LONGEST_BAR + Math.floor(step / STEPS_PER_QUARTER);
    if (its !== quarter) [quarter, inQuarter, division] = [its, 0, null];
    if (!isTernary(step)) division = 'binary';
    else if (!isBinary(step)) division = 'ternary';
  }

  return {
    get slot() {
      return slot;
    },
    get over() {
      return over;
    },
    allowed() {
      mask.fill(0);
      if (slot === 0) allowPlaces();
      else if (place === EMPTY_BAR) mask[slot === 1 ? NO_PITCH : NO_LENGTH] = 1;
      else if (slot === 1) allowPitches();
      else allowLengths();
      return mask;
    },
    push(token) {
      if (slot === 0) {
        if (token >= SOURCE) throw new RangeError(`token ${token} is told, not sampled`);
        if (token >= NEXT && bar === bars - 1) {
          over = true;
          return;
        }
        if (token >= NEXT) bar++;
        empty = token === EMPTY_BAR ? empty + 1 : 0;
        place = token;
        if (token === EMPTY_BAR) at = -1;
        else enter(token % LONGEST_BAR);
      } else if (slot === 1 && place !== EMPTY_BAR) {
        key = token - PITCH;
        if (bar === bars - 1) rest?.struck(key);
        struckAt[key] = now();
        inQuarter++;
      } else if (slot === 2 && place !== EMPTY_BAR) {
        const part = PARTS[Math.floor((token - LENGTH) / LENGTHS.length)]!;
        if (part === 'voice') sung = true;
        hands[part === 'left' ? 0 : 1].push(key);
      }
      slot = (slot + 1) % 3;
    },
  };
}
