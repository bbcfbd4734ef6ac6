/** What the network is given to go on from: prefix, motif, earlier phrases, and the marks of the phrase to be written. */
import type { Character } from '../music/plan/characters.ts';
import {
  metreToken,
  NO_LENGTH,
  NO_MOTIF,
  NO_PITCH,
  PREFIX_TOKENS,
  REGISTER,
  SEAM,
  SOURCE,
  SOURCES,
  TEXTURE,
  TEXTURES,
  WITH_MOTIF,
} from '../music/tokens/vocabulary.ts';

export type Written = { readonly marks: readonly number[]; readonly tokens: readonly number[] };

/** Tokens of the motif, as in training (model/data.py): 48 notes. */
const MOTIF_TOKENS = 3 * 48;

/** @param room tokens; where not all fits, the oldest phrases are left out and the opening is told as the motif */
export function contextOf(
  plan: Pick<Character, 'source' | 'metre' | 'texture' | 'register'>,
  written: readonly Written[],
  marks: readonly number[],
  room: number,
): number[] {
  const { source, metre, texture, register } = plan;
  const prefix = (motif: boolean): number[] => [
    ...[SOURCE + SOURCES.indexOf(source), metreToken(metre), TEXTURE + TEXTURES.indexOf(texture)],
    ...[REGISTER + register, motif ? WITH_MOTIF : NO_MOTIF, NO_LENGTH],
  ];
  const whole = written.flatMap((phrase) => [...phrase.marks, ...phrase.tokens]);
  if (PREFIX_TOKENS + whole.length + marks.length <= room) return [...prefix(false), ...whole, ...marks];
  const opening = notesAlone(written[0]!.tokens).slice(0, MOTIF_TOKENS);
  const seam = [SEAM, NO_PITCH, NO_LENGTH];
  let left = room - PREFIX_TOKENS - opening.length - seam.length - marks.length;
  const kept: number[] = [];
  for (let i = written.length - 1; i >= 0; i--) {
    const { marks: its, tokens } = written[i]!;
    left -= its.length + tokens.length;
    if (left < 0) break;
    kept.unshift(...its, ...tokens);
  }
  return [...prefix(true), ...opening, ...seam, ...kept, ...marks];
}

/** Without changes of metre: a motif has none in training. */
const notesAlone = (tokens: readonly number[]): number[] =>
  tokens.filter((_, i) => tokens[i - (i % 3)]! < SOURCE);
