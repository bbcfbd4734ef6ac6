/** What a fault is, and what several of them need. */
import type { Ears } from '../ears.ts';
import type { Evening } from '../world.ts';

export type Fault = {
  readonly name: string;
  /** Stations that it can befall; both where not given. */
  readonly place?: 'cloud' | 'local';
  /** Befalls the evening from before it begins. */
  readonly early?: true;
  /** Whether frames to listeners may be lost by it, so that nobody can be blamed who was not told. */
  readonly losesFrames?: true;
  /** @returns when its effects are over, epoch milliseconds */
  readonly befall: (evening: Evening) => number;
};

export const SECOND = 1_000;
/** A dead function of a cloud is repeated after a minute; by then somebody is at work again, or a listener has woken one. */
export const REPLACED_MS = 75 * SECOND;

export const between = ({ random }: Evening, least: number, most: number): number =>
  least + random() * (most - least);
export const pick = <T>({ random }: Evening, among: readonly T[]): T | undefined =>
  among[Math.floor(random() * among.length)];
export const present = (evening: Evening): readonly Ears[] =>
  evening.ears.filter(({ leftAt }) => leftAt > evening.clock.now());
