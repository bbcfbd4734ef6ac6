import { beforeAll, expect, test } from '@jest/globals';
import { type BrowserPiano, browserPiano } from '../../../bench/sound/browser-piano.ts';
import { onsets } from '../../../bench/sound/onsets.ts';
import { toMusic } from '../../../src/music/note.ts';
import { note } from '../../support/music.ts';
import { aBrowser } from '../suite.ts';

const browser = aBrowser();
let piano: BrowserPiano;
beforeAll(async () => {
  piano = await browserPiano(browser());
});

/** A page is told of the hand once a frame. */
const FRAME_MS = 1_000 / 60;
/** A hole every 0.7 s, half as long as that, for 14 s. */
const NOTES = Array.from({ length: 20 }, (_, i) => note(500 + i * 700, 350, 55 + ((i * 7) % 24), 80));

test.each([
  ['as it was played', 1, 0],
  ['slowly', 0.5, 0],
  ['three times as fast', 3, 0],
  ['backwards', -1, 14_000],
  ['backwards, twice as fast', -2, 14_000],
])(
  'drawn %s, each hole is heard within 20 ms of lying under the playhead on the page',
  async (_, speed, beginMs) => {
    const seconds = Math.min(14, 14 / Math.abs(speed));
    const count = Math.floor((seconds * 1_000) / FRAME_MS);
    const moves = Array.from({ length: count }, (_, i) => ({
      atMs: 100 + i * FRAME_MS,
      ms: beginMs + speed * i * FRAME_MS,
    }));
    const { channels, sampleRate } = await piano.draw({ music: toMusic(NOTES), moves, seconds: seconds + 1 });
    // A hole's end is no part of it.
    const isPast = (edgeMs: number) => (move: { ms: number }) =>
      speed > 0 ? move.ms >= edgeMs : move.ms < edgeMs;
    const edges = NOTES.map(({ onsetMs, durationMs }) => (speed > 0 ? onsetMs : onsetMs + durationMs))
      .filter((ms) => !isPast(ms)(moves[0]!) && isPast(ms)(moves.at(-1)!))
      .sort((a, b) => (a - b) * speed);
    const mono = channels[0]!.map((value, i) => (value + channels[1]![i]!) / 2);
    const heard = onsets(mono, sampleRate).map((s) => 1_000 * s);
    expect(edges.length).toBeGreaterThanOrEqual(9);
    expect(heard).toHaveLength(edges.length);
    // The paper on the page stands still until the page is told of the hand: then it is there.
    const shown = edges.map((ms) => moves.find(isPast(ms))!.atMs);
    const late = heard.map((ms, i) => ms - shown[i]!);
    expect(Math.min(...late)).toBeGreaterThan(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(20);
    // Of the hand itself it is a frame more, at most.
    const afterHand = heard.map((ms, i) => ms - 100 - (edges[i]! - beginMs) / speed);
    expect(Math.min(...afterHand)).toBeGreaterThan(0);
    expect(Math.max(...afterHand)).toBeLessThanOrEqual(25);
  },
);
