/** The synthesiser as a page has it: an audio context, its worklet, and the sounds that a piece asks for, fetched once each. */
import type { Ensemble } from '../../src/music/midi/ensemble.ts';
import { ROOT } from '../site/root.ts';
import manifest from '../sounds/manifest.json' with { type: 'json' };
import type { FromOrchestra, ToOrchestra } from './words.ts';

/** For the last notes to die away, seconds. */
const TAIL_S = 2;
/** Decoding recordings is made ready in a moment, or this browser cannot do it; milliseconds. */
const READY_MS = 10_000;

export type Band = {
  /** @param part 0 to 1 of the sounds that are there @throws where sounds or the synthesiser cannot be had */
  load(piece: Ensemble, onPart: (part: number) => void): Promise<void>;
  play(): Promise<void>;
  pause(): void;
  seek(seconds: number): void;
  /** Seconds into the piece, as last told. */
  readonly seconds: number;
};

export type Heard = { onAt(seconds: number): void; onEnded(): void };

/** To be called by a gesture: browsers let nothing sound before one. */
export function band(heard: Heard): Band {
  const context = new AudioContext({ latencyHint: 'playback' });
  let seconds = 0;
  const waiting = new Map<string, (word: FromOrchestra) => void>();
  const told = (key: string) => new Promise<FromOrchestra>((resolve) => waiting.set(key, resolve));
  const keyOf = (word: FromOrchestra) => (word.say === 'sounds' ? `sounds ${word.id}` : word.say);
  const node = start();
  const sounds = new Map<string, Promise<void>>();

  async function start(): Promise<AudioWorkletNode> {
    await context.audioWorklet.addModule(`${ROOT}/shelf-worklet.js`);
    const ready = told('ready');
    const made = new AudioWorkletNode(context, 'shelf', { numberOfInputs: 0, outputChannelCount: [2] });
    made.port.onmessage = ({ data }: MessageEvent<FromOrchestra>) => {
      if (data.say === 'at') {
        seconds = data.seconds;
        heard.onAt(seconds);
      } else if (data.say === 'ended') heard.onEnded();
      waiting.get(keyOf(data))?.(data);
      waiting.delete(keyOf(data));
    };
    made.connect(context.destination);
    await inTime(ready);
    return made;
  }

  const say = async (word: ToOrchestra, transfer: Transferable[] = []) =>
    (await node).port.postMessage(word, transfer);

  async function addSounds(file: string): Promise<void> {
    const response = await fetch(`${ROOT}/sounds/${file}`);
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    const bytes = await response.arrayBuffer();
    const answer = told(`sounds ${file}`);
    await say({ say: 'sounds', id: file, bytes }, [bytes]);
    const word = await answer;
    if (word.say === 'sounds' && word.problem !== null) throw new Error(word.problem);
  }

  const soundsOf = (file: string): Promise<void> => {
    let there = sounds.get(file);
    if (!there) {
      there = addSounds(file);
      sounds.set(file, there);
      // Asked for again the next time.
      there.catch(() => sounds.delete(file));
    }
    return there;
  };

  return {
    get seconds() {
      return seconds;
    },
    async load(piece, onPart) {
      await node;
      const files = filesFor(piece);
      let there = 0;
      await Promise.all(
        files.map(async (file) => {
          await soundsOf(file);
          onPart(++there / files.length);
        }),
      );
      const { times, bytes, seconds: length } = piece;
      const loaded = told('loaded');
      await say({ say: 'load', song: { times, bytes, seconds: length, tail: TAIL_S } });
      await loaded;
      seconds = 0;
    },
    async play() {
      await context.resume();
      await say({ say: 'play' });
    },
    pause() {
      void say({ say: 'pause' });
    },
    seek(to) {
      seconds = to;
      void say({ say: 'seek', seconds: to });
    },
  };
}

/** A file for each program that the piece has, and the percussion's. */
const filesFor = ({ programs, hasPercussion }: Ensemble): string[] => [
  ...programs.map((program) => manifest.programs[program]!.file),
  ...(hasPercussion ? [manifest.drums.file] : []),
];

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer = 0;
  const late = new Promise<never>((_, reject) => {
    timer = window.setTimeout(() => reject(new Error('the synthesiser does not begin')), READY_MS);
  });
  return Promise.race([promise, late]).finally(() => window.clearTimeout(timer));
}
