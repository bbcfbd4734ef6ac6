/** The synthesiser on the audio thread: a script of its own, which a page that plays nothing never loads. */
import { orchestra } from './orchestra.ts';
import { BLOCK, type FromOrchestra, type ToOrchestra } from './words.ts';

/** What an audio worklet has, of which TypeScript's library knows nothing. */
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => object): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

/** Blocks between two words on where the music is: about twenty a second. */
const TELL_BLOCKS = 18;

class ShelfProcessor extends AudioWorkletProcessor {
  readonly #orchestra = orchestra(sampleRate);
  #blocks = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ToOrchestra>) => this.#hear(data);
    void this.#orchestra.ready.then(() => this.#tell({ say: 'ready' }));
  }

  #tell(word: FromOrchestra): void {
    this.port.postMessage(word);
  }

  #hear(word: ToOrchestra): void {
    const band = this.#orchestra;
    if (word.say === 'play') band.play();
    else if (word.say === 'pause') band.pause();
    else if (word.say === 'seek') band.seek(word.seconds);
    else if (word.say === 'load') {
      band.load(word.song);
      this.#tell({ say: 'loaded' });
    } else {
      let problem: string | null = null;
      try {
        band.addSounds(word.id, word.bytes);
      } catch (error) {
        problem = String(error);
      }
      this.#tell({ say: 'sounds', id: word.id, problem });
    }
  }

  process(_inputs: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = output ?? [];
    if (!left || !right) return true;
    for (let at = 0; at < left.length; at += BLOCK) {
      const end = this.#orchestra.render(left.subarray(at, at + BLOCK), right.subarray(at, at + BLOCK));
      if (end) this.#tell({ say: 'ended' });
    }
    if (this.#orchestra.isPlaying && this.#blocks++ % TELL_BLOCKS === 0)
      this.#tell({ say: 'at', seconds: this.#orchestra.seconds });
    return true;
  }
}

registerProcessor('shelf', ShelfProcessor);
