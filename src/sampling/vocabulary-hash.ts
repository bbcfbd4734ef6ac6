import { createHash } from 'node:crypto';
import { VOCABULARY } from '../music/tokens/vocabulary.ts';

/** Identifies the token layout; weights trained on another layout would play nonsense. */
export const vocabularyHash = (): string =>
  createHash('sha256').update(JSON.stringify(VOCABULARY)).digest('hex');
