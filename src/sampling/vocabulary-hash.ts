import { createHash } from 'node:crypto';
import { VOCABULARY as SCORE_VOCABULARY } from '../music/tokens/score-vocabulary.ts';
import { VOCABULARY } from '../music/tokens/vocabulary.ts';

const hashOf = (vocabulary: object): string =>
  createHash('sha256').update(JSON.stringify(vocabulary)).digest('hex');

/** Identifies the token layout; weights trained on another layout would play nonsense. */
export const vocabularyHash = (): string => hashOf(VOCABULARY);
export const scoreVocabularyHash = (): string => hashOf(SCORE_VOCABULARY);
