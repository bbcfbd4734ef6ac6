/** The keys of a roll that can be played again: arrows go along it, Home and End to its ends, plus and minus nearer. */
import type { Keys } from './keyboard.ts';

/** An arrow goes so far, milliseconds; at a zoom of 1 a part of it, for what is seen is nearer. */
const STEP_MS = 5_000;
const NEAR_STEP_MS = 1_000;
const ZOOM_STEP = 0.1;

export type Played = {
  readonly playing: boolean;
  readonly zoom: number;
  positionMs(): number;
  seekTo(ms: number): void;
  setZoom(zoom: number): void;
};

/** @param paper who has pressed on it means it: Home and End scroll the page else */
export function paperKeys(player: Played, durationMs: number, paper: HTMLElement): Keys {
  const step = (sign: number) => () =>
    player.seekTo(player.positionMs() + sign * (STEP_MS + (NEAR_STEP_MS - STEP_MS) * player.zoom));
  const inHand = () => player.playing || document.activeElement === paper;
  const to = (ms: number) => () => (inHand() ? player.seekTo(ms) : false);
  const nearer = (by: number) => () => player.setZoom(player.zoom + by);
  return {
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    Home: to(0),
    End: to(durationMs),
    '+': nearer(ZOOM_STEP),
    '=': nearer(ZOOM_STEP),
    '-': nearer(-ZOOM_STEP),
  };
}
