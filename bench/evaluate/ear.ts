import { type Music, type Note, toMusic } from '../../src/music/note.ts';
import { foldPedal } from '../../src/music/pedal.ts';
import { mean } from '../../src/music/statistics.ts';
import { logitOf, type Taste } from '../../src/music/taste/taste.ts';
import { FEWEST_NOTES, traitsOf } from '../../src/music/taste/traits.ts';
import { auc, regression } from '../taste/logistic.ts';
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

/** How well composed excerpts are told from human ones: 0.5 is not at all, 1 always; null where there are none. */
export type Told = {
  /** By the classifier that chooses candidates, which has learnt from other passages of both; what it chose it likes. */
  readonly byChooser: number | null;
  /** By one that has learnt from every other of these very pieces, both ways round: nothing was chosen to please it. */
  readonly byStranger: number | null;
};

export function ear(pieces: readonly Piece[], references: readonly Piece[], taste: Taste): Told {
  const [human, composed] = [references.map(excerptTraits), pieces.map(excerptTraits)];
  const half = (lists: readonly Traits[][], k: number) => lists.filter((_, i) => i % 2 === k).flat();
  const folds = [0, 1].map((k) => {
    const [people, network] = [half(human, k), half(composed, k)];
    if (people.length === 0 || network.length === 0) return null;
    return told(regression(people, network), half(human, 1 - k), half(composed, 1 - k));
  });
  return {
    byChooser: told(taste.classifier, human.flat(), composed.flat()),
    byStranger: folds.includes(null) ? null : mean(folds.map(Number)),
  };
}

type Traits = readonly number[];
type Classifier = Parameters<typeof logitOf>[1];

function told(classifier: Classifier, human: readonly Traits[], composed: readonly Traits[]): number | null {
  const logits = (list: readonly Traits[]) => list.map((traits) => logitOf(traits, classifier));
  return human.length === 0 || composed.length === 0 ? null : auc(logits(human), logits(composed));
}

function excerptTraits({ music }: Piece): Traits[] {
  const paced = (notes: readonly Note[]) => {
    const perSecond = notes.length / (EXCERPT_MS / 1000);
    return perSecond >= PACES[0] && perSecond <= PACES[1];
  };
  return excerptsOf(music).filter(paced).map(traitsOf);
}
