import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { Music } from '../../src/music/note.ts';
import type { inPage } from './in-page.ts';
import type { Drawing, Job, Waiting } from './job.ts';

const PIANO = new URL('../../web/piano/', import.meta.url);
const SAMPLE_RATE = 48_000;
const TAIL_S = 3;
/** Frames carried over from the browser at once. */
const PART = 1 << 20;

export type Rendered = { readonly sampleRate: number; readonly channels: readonly Float32Array[] };
export type Layer = 'soft' | 'forte';

/** The page's own piano in a browser, rendered faster than it sounds. */
export type BrowserPiano = {
  /** The music begins `LEAD_S` after the rendering does. */
  render(music: Music, job?: Partial<Omit<Job, 'music'>>): Promise<Rendered>;
  /** What the piano's way to the ears makes of a clap; the loudness of a performance and the mixer are not in it. */
  clap(seconds: number): Promise<Rendered>;
  /** What is heard while a hand draws the paper. */
  draw(drawing: Omit<Drawing, 'sampleRate'>): Promise<Rendered>;
  /** What is heard before the music by somebody who joins at a position. */
  wait(waiting: Pick<Waiting, 'joinsMs' | 'untilMs'> & Partial<Waiting>): Promise<Rendered>;
  /** Milliseconds that so many seconds of sound take to render through the soundboard, and without it; the least of five. */
  cost(seconds: number): Promise<{ soundboardMs: number; withoutMs: number }>;
  /** A recording as this browser decodes it. */
  key(layer: Layer, pitch: number): Promise<{ onsetS: number; sampleRate: number; signal: Float32Array }>;
  close(): Promise<void>;
};

type InPage = Window & { inPage: typeof inPage };

export async function browserPiano(browser: Browser): Promise<BrowserPiano> {
  const page = await browser.newPage();
  await page.addScriptTag({ content: await bundle() });
  const manifest = JSON.parse(await readFile(new URL('manifest.json', PIANO), 'utf8'));
  const packs: Record<string, string> = {};
  for (const { file } of manifest.layers) {
    packs[`/piano/${file}`] = await readFile(new URL(file, PIANO), 'base64');
  }
  const loaded = await page.evaluate(
    async ([known, files]) => (await (window as unknown as InPage).inPage.load(known, files)) !== null,
    [manifest, packs] as const,
  );
  if (!loaded) throw new Error('the browser cannot decode the piano');
  const carried = async ({ frames, channels }: { frames: number; channels: number }) => {
    const read = async (channel: number) => {
      const signal = new Float32Array(frames);
      for (let from = 0; from < frames; from += PART) {
        const text = await page.evaluate(
          ([c, start, end]) => (window as unknown as InPage).inPage.part(c, start, end),
          [channel, from, Math.min(frames, from + PART)] as const,
        );
        signal.set(floats(text), from);
      }
      return signal;
    };
    const signals = [];
    for (let channel = 0; channel < channels; channel++) signals.push(await read(channel));
    return signals;
  };
  return {
    async render(music, options = {}) {
      const job: Job = { music, sampleRate: SAMPLE_RATE, tailS: TAIL_S, grandFromMs: 0, ...options };
      const made = await page.evaluate((given) => (window as unknown as InPage).inPage.render(given), job);
      return { sampleRate: job.sampleRate, channels: await carried(made) };
    },
    async clap(seconds) {
      const made = await page.evaluate(([s, rate]) => (window as unknown as InPage).inPage.clap(s, rate), [
        seconds,
        SAMPLE_RATE,
      ] as const);
      return { sampleRate: SAMPLE_RATE, channels: await carried(made) };
    },
    async draw(drawing) {
      const made = await page.evaluate((given) => (window as unknown as InPage).inPage.draw(given), {
        ...drawing,
        sampleRate: SAMPLE_RATE,
      });
      return { sampleRate: SAMPLE_RATE, channels: await carried(made) };
    },
    async wait(waiting) {
      const made = await page.evaluate((given) => (window as unknown as InPage).inPage.wait(given), {
        ...{ sampleRate: SAMPLE_RATE, volume: 1, muted: false, stoppedMs: 1e9 },
        ...waiting,
      });
      return { sampleRate: SAMPLE_RATE, channels: await carried(made) };
    },
    cost: (seconds) =>
      page.evaluate(([s, rate]) => (window as unknown as InPage).inPage.cost(s, rate), [
        seconds,
        SAMPLE_RATE,
      ] as const),
    async key(layer, pitch) {
      const found = await page.evaluate(([of, at]) => (window as unknown as InPage).inPage.key(of, at), [
        layer,
        pitch,
      ] as const);
      return { ...found, signal: floats(found.signal) };
    },
    close: () => page.close(),
  };
}

async function bundle(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('in-page.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
    write: false,
  });
  return result.outputFiles[0]!.text;
}

function floats(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
