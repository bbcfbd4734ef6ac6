import { type Music, type Note, toMusic } from '../../src/music/note.ts';
import { foldPedal } from '../../src/music/pedal.ts';
import { logitOf, type Taste } from '../../src/music/taste.ts';
import { FEWEST_NOTES, traitsOf } from '../../src/music/traits.ts';
import { auc } from '../taste/logistic.ts';
import type { Piece } from './pieces.ts';

const EXCERPT_MS = 30_000;
/** Excerpts of human music are taken where their pace is one at which is composed. */
const PACES = [2.5, 12] as const;

/** Music in passages of 30 s, each from 0 on; those with too few notes to say anything are left out. */
export function excerptsOf(music: Music): Note[][] {
  const { notes } = foldPedal(music);
  const last = notes.at(-1)?.onsetMs ?? 0;
  return Array.from({ length: Math.floor(last / EXCERPT_MS) }, (_, i) => {
    const from = i * EXCERPT_MS;
    const own = notes.filter(({ onsetMs }) => onsetMs >= from && onsetMs < from + EXCERPT_MS);
    return [...toMusic(own.map((note) => ({ ...note, onsetMs: note.onsetMs - from }))).notes];
  }).filter((own) => own.length >= FEWEST_NOTES);
}

/**
 * How well the classifier that chooses candidates tells composed from human excerpts: 0.5 is not at all, 1 always. It
 * has learnt from other passages of both.
 */
export function ear(pieces: readonly Piece[], references: readonly Piece[], taste: Taste): number | null {
  const paced = (notes: readonly Note[]) => {
    const perSecond = notes.length / (EXCERPT_MS / 1000);
    return perSecond >= PACES[0] && perSecond <= PACES[1];
  };
  const logits = (list: readonly Piece[]) =>
    list
      .flatMap(({ music }) => excerptsOf(music))
      .filter(paced)
      .map((notes) => logitOf(traitsOf(notes), taste.classifier));
  const [human, composed] = [logits(references), logits(pieces)];
  return human.length === 0 || composed.length === 0 ? null : auc(human, composed);
}
