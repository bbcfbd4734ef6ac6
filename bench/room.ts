import { toMusic } from '../src/music/note.ts';
import { launchBrowser } from '../tests/browser/browser.ts';
import { browserPiano } from './sound/browser-piano.ts';
import { LEAD_S } from './sound/job.ts';
import { integratedLoudness, meanSquare } from './sound/loudness.ts';
import { interauralCorrelation, reverberationS } from './sound/room.ts';

/**
 * The room that the piano stands in, from graphs rendered in a browser: `npm run bench -- room --json`. How long it rings
 * (T30), how alike both ears hear it within 80 ms and after, the level of its air, how a held C3 dies away, and what
 * part of real time the soundboard takes to render (of a busy machine, the least of five).
 */
const COST_S = 30;
/** The beginning of the room proper: past the sound itself and its breadth. */
const WALLS_S = 0.06;
const EARLY_S = 0.08;
const LATE_S = 0.5;
const HELD_MS = 11_500;

export async function run(): Promise<object> {
  const browser = await launchBrowser();
  try {
    const piano = await browserPiano(browser);
    const { channels, sampleRate } = await piano.clap(3);
    const part = (fromS: number, toS: number, of = channels) =>
      of.map((channel) => channel.subarray(Math.round(fromS * sampleRate), Math.round(toS * sampleRate)));
    const note = { onsetMs: 0, durationMs: HELD_MS, pitch: 48, velocity: 80 };
    const held = await piano.render(toMusic([note]), { tailS: 6 });
    const level = (fromS: number, toS: number) =>
      round(
        10 *
          Math.log10(
            part(LEAD_S + fromS, LEAD_S + toS, [...held.channels])
              .map((ear) => meanSquare(ear, 0, ear.length))
              .reduce((sum, power) => sum + power, 0),
          ),
      );
    const { soundboardMs, withoutMs } = await piano.cost(COST_S);
    const rest = await piano.render(toMusic([{ ...note, durationMs: 100, pitch: 84 }]), { tailS: 8 });
    const air = part(LEAD_S + 5, LEAD_S + 8, [...rest.channels]);
    return {
      bench: 'room',
      reverberationS: round(reverberationS(part(WALLS_S, 3), sampleRate)),
      correlationEarly: round(interauralCorrelation(part(0, EARLY_S), sampleRate)),
      correlationLate: round(interauralCorrelation(part(EARLY_S, LATE_S), sampleRate)),
      airDb: round(10 * Math.log10(meanSquare(air[0]!, 0, air[0]!.length))),
      heldC3Db: Object.fromEntries([0, 2, 4, 6, 8, 10].map((s) => [`${s} s`, level(s, s + 0.5)])),
      heldC3Lufs: round(integratedLoudness(held.channels, sampleRate)),
      soundboardOfRealTime: round((soundboardMs - withoutMs) / (1_000 * COST_S), 4),
      withoutOfRealTime: round(withoutMs / (1_000 * COST_S), 4),
    };
  } finally {
    await browser.close();
  }
}

const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits;
