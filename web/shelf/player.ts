/** One piece after another on the page: fetched, read, its sounds loaded, heard. What comes last counts, however slow the one before was. */
import { type Ensemble, ensembleOf } from '../../src/music/midi/ensemble.ts';
import type { Line } from '../../src/music/midi/karaoke.ts';
import type { Reading } from '../../src/music/midi/reading.ts';
import { readSmf } from '../../src/music/midi/walk.ts';
import { read, said } from '../language/shelf/words.ts';
import { type Band, band } from './band.ts';

export type PlayerState =
  | { readonly is: 'nothing' | 'paused' | 'playing' | 'ended' }
  /** `part`: 0 to 1. */
  | { readonly is: 'loading'; readonly part: number }
  | { readonly is: 'failed'; readonly why: string };
export type Open = { readonly ensemble: Ensemble; readonly lines: readonly Line[] };

export type PlayerParts = {
  onChange(state: PlayerState): void;
  onAt(seconds: number, open: Open): void;
  readonly linesOf: (reading: Reading) => readonly Line[];
};

export function player({ onChange, onAt, linesOf }: PlayerParts) {
  let state: PlayerState = { is: 'nothing' };
  let open: Open | null = null;
  let turn = 0;
  /** Made at the first press. */
  let synthesiser: Band | null = null;
  /** Whether the synthesiser has the piece that is open. */
  let isLoaded = false;

  const be = (next: PlayerState) => {
    state = next;
    onChange(next);
  };

  async function start(mine: number): Promise<void> {
    synthesiser ??= band({
      onAt(seconds) {
        if (open && isLoaded && state.is === 'playing') onAt(seconds, open);
      },
      onEnded() {
        if (state.is !== 'playing' || !open) return;
        synthesiser?.seek(0);
        onAt(0, open);
        be({ is: 'ended' });
      },
    });
    if (!isLoaded && open) {
      await synthesiser.load(open.ensemble, (part) => {
        if (mine === turn) be({ is: 'loading', part });
      });
      if (mine !== turn) return;
      isLoaded = true;
    }
    await synthesiser.play();
    if (mine === turn) be({ is: 'playing' });
  }

  const failing = (mine: number, why: string) => (error: unknown) => {
    console.warn(error);
    if (mine !== turn) return;
    // A new one is tried at the next press.
    synthesiser = null;
    isLoaded = false;
    be({ is: 'failed', why });
  };

  return {
    /** Begins to play it as soon as it is there, where the visitor has pressed anything on the page before. */
    async open(address: string): Promise<void> {
      const mine = ++turn;
      synthesiser?.pause();
      open = null;
      isLoaded = false;
      be({ is: 'loading', part: 0 });
      try {
        const response = await fetch(address);
        if (!response.ok) throw new Error(`${address}: ${response.status}`);
        const reading = readSmf(new Uint8Array(await response.arrayBuffer()));
        if (mine !== turn) return;
        if ('problem' in reading) return be({ is: 'failed', why: said.unreadable(read(reading.problem)) });
        open = { ensemble: ensembleOf(reading), lines: linesOf(reading) };
      } catch (error) {
        return failing(mine, said.notLoaded)(error);
      }
      onAt(0, open);
      if (!navigator.userActivation?.hasBeenActive) return be({ is: 'paused' });
      await start(mine).catch(failing(mine, said.noSounds));
    },
    toggle(): void {
      if (!open || state.is === 'loading') return;
      const mine = ++turn;
      if (state.is !== 'playing') return void start(mine).catch(failing(mine, said.noSounds));
      synthesiser?.pause();
      be({ is: 'paused' });
    },
    /** @param seconds into the piece */
    seek(seconds: number): void {
      if (!open) return;
      if (isLoaded) synthesiser?.seek(seconds);
      onAt(seconds, open);
    },
  };
}
