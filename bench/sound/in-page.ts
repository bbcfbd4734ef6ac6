import { chunkFrame } from '../../src/broadcast/frames.ts';
import type { Music } from '../../src/music/note.ts';
import { timeline } from '../../src/music/timeline.ts';
import { liveHello } from '../../tests/support/hello.ts';
import { mixer } from '../../web/instrument/mixer.ts';
import { piano } from '../../web/instrument/piano.ts';
import { type Grand, loadGrand, type Manifest } from '../../web/instrument/samples.ts';
import { scheduler } from '../../web/score/scheduler.ts';
import { type Score, score } from '../../web/score/score.ts';
import { type Job, LEAD_S } from './job.ts';

/**
 * What runs within the browser: the page's own scheduler, piano and mixer, on a clock that is not the wall's.
 * Bundled by `browser-piano.ts`, which calls it by the names at the end.
 */
const TICK_S = 0.5;
const BROADCAST = 'render';

let grand: Promise<Grand | null> | null = null;
let rendered: AudioBuffer | null = null;

async function load(manifest: Manifest, packs: Readonly<Record<string, string>>): Promise<Grand | null> {
  const decoder = new OfflineAudioContext(1, 1, 48_000);
  grand = loadGrand(
    manifest,
    async (path) => bytesOf(packs[path] ?? '').buffer as ArrayBuffer,
    (bytes) => decoder.decodeAudioData(bytes),
  );
  return grand;
}

async function render({ music, sampleRate, tailS, grandFromMs }: Job) {
  const seconds = LEAD_S + music.durationMs / 1000 + tailS;
  const context = new OfflineAudioContext(2, Math.ceil(seconds * sampleRate), sampleRate);
  const mix = mixer(context);
  const keys = piano(mix);
  const loaded = await grand;
  if (grandFromMs !== null && loaded) keys.use(loaded, grandFromMs);
  const known = scoreOf(music);
  mix.setLevel(known.levelDb);
  const plan = scheduler({
    score: known,
    position: () => (context.currentTime - LEAD_S) * 1000,
    audioTime: (ms) => LEAD_S + ms / 1000,
    instrument: keys,
  });
  plan.tick();
  for (let s = TICK_S; s < seconds; s += TICK_S) {
    void context.suspend(s).then(() => {
      plan.tick();
      return context.resume();
    });
  }
  rendered = await context.startRendering();
  return { frames: rendered.length, channels: rendered.numberOfChannels };
}

/** The music as a listener has it once all of it has arrived. */
function scoreOf(music: Music): Score {
  const known = score();
  const { durationMs } = music;
  known.begin(liveHello({ broadcast: BROADCAST, performance: BROADCAST, durationMs }));
  const all = timeline(music);
  known.chunk(chunkFrame(all.stretch(0, all.chunks), { broadcast: BROADCAST, epoch: 1, here: 1 }));
  return known;
}

/** A part of what was rendered last, 32-bit floats of one channel, in base64: what a browser's driver can carry. */
function part(channel: number, from: number, to: number): string {
  return textOf(new Uint8Array(rendered!.getChannelData(channel).slice(from, to).buffer));
}

/** A recording as decoded here, and where it is taken to begin. */
async function key(layer: keyof Grand, pitch: number) {
  const { buffer, onsetS } = (await grand)![layer].find((sample) => sample.pitch === pitch)!;
  const signal = new Uint8Array(buffer.getChannelData(0).slice().buffer);
  return { onsetS, sampleRate: buffer.sampleRate, signal: textOf(signal) };
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 32_768)
    text += String.fromCharCode(...bytes.subarray(i, i + 32_768));
  return btoa(text);
}

export const inPage = { load, render, part, key };
Object.assign(window, { inPage });
