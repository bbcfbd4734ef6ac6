/** `corpus tokens`: what was played, in absolute time, or with --scores what is printed, in bars. */
import { musicOf } from '../../../music/midi/file.ts';
import type { Reading } from '../../../music/midi/reading.ts';
import { stavesOf } from '../../../music/midi/staves.ts';
import { layOut } from '../../../music/score/lay-out.ts';
import { encodeScore } from '../../../music/tokens/score-encode.ts';
import {
  VOCABULARY as SCORE_VOCABULARY,
  SOURCES,
  type Source,
  type Texture,
} from '../../../music/tokens/score-vocabulary.ts';
import { encode, VOCABULARY } from '../../../music/tokens/vocabulary.ts';
import { scoreVocabularyHash, vocabularyHash } from '../../../sampling/vocabulary-hash.ts';
import { type Refused, readPieces, readSplits, sourceOf } from './pieces.ts';
import { newShards } from './shards.ts';

type Options = {
  readonly corpus: string;
  readonly out: string;
  readonly scores?: boolean;
  readonly json?: boolean;
};

/** Below this many distinct velocities a file says nothing about loudness. */
const EXPRESSIVE_VELOCITIES = 8;

export const writeTokens = (options: Options): Promise<void> =>
  options.scores ? writeScores(options) : writePlayed(options);

async function writePlayed({ corpus, out, json = false }: Options): Promise<void> {
  const shards = newShards<{ file: string; source: string; flatVelocity: boolean }>();
  const refused = await readPieces(corpus, await readSplits(corpus), ({ file, split }, reading) => {
    const { music } = musicOf(reading);
    const velocities = new Set(music.notes.map((note) => note.velocity));
    const flatVelocity = velocities.size < EXPRESSIVE_VELOCITIES;
    shards.add(split, { file, source: sourceOf(file), flatVelocity }, encode(music));
  });
  await shards.write(out, { ...VOCABULARY, hash: vocabularyHash() });
  shards.tell(refused, json);
}

/** Of printed sources alone; what has no bars that we can write is left out, with the reason. */
async function writeScores({ corpus, out, json = false }: Options): Promise<void> {
  const shards = newShards<{ file: string; source: Source; texture: Texture }>();
  const printed = (await readSplits(corpus)).filter(({ file }) => isPrinted(sourceOf(file)));
  const unfit: Refused[] = [];
  const refused = await readPieces(corpus, printed, ({ file, split }, reading) => {
    const score = scoreOf(file, reading);
    if (score)
      shards.add(split, { file, source: sourceOf(file) as Source, texture: score.texture }, score.tokens);
    else unfit.push({ file, code: 'no_bars', reason: 'a bar is longer than eight quarters' });
  });
  await shards.write(out, { ...SCORE_VOCABULARY, hash: scoreVocabularyHash() });
  shards.tell([...refused, ...unfit], json);
}

const isPrinted = (source: string): boolean => (SOURCES as readonly string[]).includes(source);

/** Songs are known by their folder, or by a source that has nothing else. */
const isSong = (file: string): boolean => file.includes('song/') || sourceOf(file) === 'openscore-lieder';

function scoreOf(file: string, reading: Reading): { texture: Texture; tokens: number[] } | null {
  const staves = stavesOf(reading, isSong(file));
  const score = layOut(staves);
  if (!score) return null;
  const hasVoice = score.notes.some(({ part }) => part === 'voice');
  const texture = hasVoice ? 'song' : staves.staves.length === 1 ? 'line' : 'solo';
  return { texture, tokens: encodeScore(score) };
}
