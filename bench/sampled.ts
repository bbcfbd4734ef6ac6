/**
 * Whether everything that is sampled is music as it stands: `--tokens` of it (a million), by seeds from 1 on. A phrase
 * counts as whole where its bars are filled and no more, no key is struck while it sounds, and it becomes the same tokens
 * again.
 */
import { parseArgs } from 'node:util';
import { PASSAGE } from '../src/compose/budget.ts';
import type { PhraseRequest } from '../src/compose/sample-phrase.ts';
import { barLength } from '../src/music/score/score.ts';
import { decodeNotes, noteTriple, phraseMark } from '../src/music/tokens/encode.ts';
import {
  EMPTY_BAR,
  HERE,
  METRES,
  metreToken,
  NEXT,
  NO_LENGTH,
  NO_MOTIF,
  NO_PITCH,
  REGISTER,
  SOURCE,
  SOURCES,
  TEXTURE,
  TEXTURES,
} from '../src/music/tokens/vocabulary.ts';
import { openSamplers } from '../src/sampling/pool.ts';

const BARS = 8;

export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    strict: false,
    options: { tokens: { type: 'string', default: '1000000' }, model: { type: 'string', default: 'model' } },
  });
  const wanted = Number(values.tokens);
  const pool = await openSamplers(String(values.model));
  const total = { tokens: 0, notes: 0, phrases: 0, repaired: 0, beyondTheirBars: 0, unfinished: 0 };
  let seed = 0;
  const line = async () => {
    while (total.tokens < wanted) {
      const request = requestOf(++seed);
      const width = barLength(request.metre);
      const { tokens } = await pool.sample(request, seed);
      const notes = decodeNotes(tokens, (bar) => ({ start: bar * width }));
      total.tokens += tokens.length;
      total.notes += notes.length;
      total.phrases++;
      total.beyondTheirBars += notes.filter(({ onset }) => onset >= BARS * width).length;
      if (tokens.filter((token, i) => i % 3 === 0 && token >= NEXT).length < BARS) total.unfinished++;
      if (again(notes, width, tokens) !== tokens.join()) total.repaired++;
    }
  };
  await Promise.all(Array.from({ length: pool.width }, line));
  await pool.release();
  return { ...total, wholePart: 1 - total.repaired / total.phrases };
}

/** The tokens that the notes give, bar by bar; a held key that is struck again is the one thing that they do not tell. */
function again(notes: ReturnType<typeof decodeNotes>, width: number, tokens: readonly number[]): string {
  const bars = tokens.filter((token, i) => i % 3 === 0 && token >= NEXT).length;
  const written: number[] = [];
  for (let bar = 0; bar < bars; bar++) {
    const inside = notes.filter(({ onset }) => Math.floor(onset / width) === bar);
    if (inside.length === 0) written.push(EMPTY_BAR, NO_PITCH, NO_LENGTH);
    inside.forEach((note, i) => {
      written.push(...noteTriple((i === 0 ? NEXT : HERE) + note.onset - bar * width, note));
    });
  }
  // Lengths that a later strike has cut are those of the tokens.
  return written.map((token, i) => (i % 3 === 2 ? tokens[i] : token)).join();
}

function requestOf(seed: number): PhraseRequest {
  const metre = METRES[seed % METRES.length]!;
  const texture = TEXTURES[seed % 2]!;
  const key = { tonic: seed % 12, major: seed % 3 > 0 };
  const prefix = [
    ...[SOURCE + (seed % SOURCES.length), metreToken(metre), TEXTURE + TEXTURES.indexOf(texture)],
    ...[REGISTER + (seed % 8), NO_MOTIF, NO_LENGTH],
  ];
  const marks = phraseMark({ bars: BARS, key, cadence: 'full', recalls: 0 }, 8 * (1 + (seed % 8)), seed % 9);
  return {
    ...PASSAGE,
    tokens: [...prefix, ...marks, metreToken(metre), NO_PITCH, NO_LENGTH],
    bars: BARS,
    metre,
    texture,
  };
}
