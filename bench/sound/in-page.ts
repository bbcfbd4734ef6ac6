import { chunkFrame } from '../../src/broadcast/frames.ts';
import type { Music } from '../../src/music/note.ts';
import { timeline } from '../../src/music/timeline.ts';
import { liveHello } from '../../tests/support/hello.ts';
import { bellows } from '../../web/instrument/bellows.ts';
import { mixer } from '../../web/instrument/mixer.ts';
import { piano } from '../../web/instrument/piano.ts';
import { type Grand, loadGrand, type Manifest } from '../../web/instrument/samples.ts';
import { soundboard } from '../../web/instrument/soundboard.ts';
import { scheduler } from '../../web/score/scheduler.ts';
import { type Score, score } from '../../web/score/score.ts';
import { heardWithin, scrub } from '../../web/score/scrub.ts';
import { beforeMusic } from '../../web/sound/before.ts';
import { type Drawing, type Job, LEAD_S, type Waiting } from './job.ts';

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

/** What is heard while a hand draws the paper: its first position holds, each further one is a move. */
async function draw({ music, sampleRate, moves, seconds }: Drawing) {
  const context = new OfflineAudioContext(2, seconds * sampleRate, sampleRate);
  const keys = piano(mixer(context));
  const loaded = await grand;
  if (loaded) keys.use(loaded, Number.NEGATIVE_INFINITY);
  const hand = scrub(music, keys);
  hand.hold(moves[0]!.ms);
  for (const [i, { atMs, ms }] of moves.slice(1).entries()) {
    const tookMs = atMs - moves[i]!.atMs;
    void context.suspend(atMs / 1_000).then(() => {
      hand.moveTo(ms, ...heardWithin(context.currentTime, tookMs));
      return context.resume();
    });
  }
  rendered = await context.startRendering();
  return { frames: rendered.length, channels: rendered.numberOfChannels };
}

/** What somebody hears who has joined at a position before T0. */
async function wait({ joinsMs, untilMs, volume, muted, stoppedMs, sampleRate }: Waiting) {
  const context = new OfflineAudioContext(2, ((untilMs - joinsMs) / 1_000) * sampleRate, sampleRate);
  const mix = mixer(context);
  mix.setVolume(volume, muted);
  const keys = piano(mix);
  const loaded = await grand;
  if (loaded) keys.use(loaded, Number.NEGATIVE_INFINITY);
  const air = bellows(context, mix.air);
  const positionMs = () => joinsMs + context.currentTime * 1_000;
  const atS = (ms: number) => (ms - joinsMs) / 1_000;
  const before = beforeMusic({
    broadcast: () => ({ id: BROADCAST, state: positionMs() >= stoppedMs ? 'stopped' : 'doors' }),
    position: positionMs,
    strike: (note) => keys.strike(note, atS(note.onsetMs)).damp(atS(note.onsetMs + note.durationMs)),
    stroke: ({ ms, lengthMs, second }) => air.stroke(atS(ms), lengthMs / 1_000, second),
    silence: air.silence,
  });
  before.tick();
  for (let s = TICK_S; s < context.length / sampleRate; s += TICK_S) {
    void context.suspend(s).then(() => {
      if (positionMs() >= stoppedMs) {
        keys.silence();
        before.reset();
      }
      before.tick();
      return context.resume();
    });
  }
  rendered = await context.startRendering();
  return { frames: rendered.length, channels: rendered.numberOfChannels };
}

/** Far above the room's own air, which begins to be heard with it. */
const CLAP = 1_000;

/** What the soundboard makes of a clap at its middle: as if it were 1 high. */
async function clap(seconds: number, sampleRate: number) {
  const context = new OfflineAudioContext(2, seconds * sampleRate, sampleRate);
  const board = soundboard(context, context.destination, context.destination);
  const buffer = new AudioBuffer({ length: 1, sampleRate });
  buffer.copyToChannel(Float32Array.of(CLAP), 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(board.place(65, 0));
  source.start(0);
  rendered = await context.startRendering();
  for (const channel of [0, 1]) {
    const signal = rendered.getChannelData(channel);
    for (let i = 0; i < signal.length; i++) signal[i]! /= CLAP;
  }
  return { frames: rendered.length, channels: rendered.numberOfChannels };
}

/** Milliseconds that it takes to render noise through the soundboard, pedal down, and what is left without it. */
async function cost(seconds: number, sampleRate: number) {
  const once = async (through: boolean): Promise<number> => {
    const context = new OfflineAudioContext(2, seconds * sampleRate, sampleRate);
    const board = soundboard(context, context.destination, context.destination);
    const noise = new AudioBuffer({ length: sampleRate, sampleRate });
    const signal = noise.getChannelData(0);
    for (let i = 0; i < signal.length; i++) signal[i] = ((i * 7_919) % 2_003) / 2_003 - 0.5;
    const source = new AudioBufferSourceNode(context, { buffer: noise, loop: true });
    source.connect(through ? board.place(65, 0) : context.destination);
    if (through) board.pedal(true, 0);
    source.start(0);
    const startedAt = performance.now();
    await context.startRendering();
    return performance.now() - startedAt;
  };
  const [without, through] = [[] as number[], [] as number[]];
  // In turns, and the least of each: what else the machine does takes time, and gives none.
  for (let i = 0; i < 5; i++) {
    without.push(await once(false));
    through.push(await once(true));
  }
  return { soundboardMs: Math.min(...through), withoutMs: Math.min(...without) };
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

export const inPage = { load, render, clap, cost, draw, wait, part, key };
Object.assign(window, { inPage });
