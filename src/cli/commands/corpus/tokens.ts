/** `corpus tokens`: printed music as the network reads it, in bars. */
import type { Reading } from '../../../music/midi/reading.ts';
import { stavesOf } from '../../../music/midi/staves.ts';
import { layOut } from '../../../music/score/lay-out.ts';
import { isOnGrid } from '../../../music/score/place.ts';
import { encodeScore } from '../../../music/tokens/encode.ts';
import { SOURCES, type Source, type Texture, VOCABULARY } from '../../../music/tokens/vocabulary.ts';
import { vocabularyHash } from '../../../sampling/vocabulary-hash.ts';
import { type Refused, readPieces, readSplits, sourceOf } from './pieces.ts';
import { newShards } from './shards.ts';

type Options = { readonly corpus: string; readonly out: string; readonly json?: boolean };
type Outcome = { readonly texture: Texture; readonly tokens: number[] } | Omit<Refused, 'file'>;

/** Music of other sources is told to the network as this one's. */
const ANY_SOURCE: Source = 'mutopia';

/** Of music on a grid alone; what has none, or no bars that we can write, is left out, with the reason. */
export async function writeTokens({ corpus, out, json = false }: Options): Promise<void> {
  const shards = newShards<{ file: string; source: Source; texture: Texture }>();
  const unfit: Refused[] = [];
  const refused = await readPieces(corpus, await readSplits(corpus), ({ file, split }, reading) => {
    const outcome = encoded(file, reading);
    if ('code' in outcome) unfit.push({ file, ...outcome });
    else
      shards.add(
        split,
        { file, source: sourceNamed(sourceOf(file)), texture: outcome.texture },
        outcome.tokens,
      );
  });
  await shards.write(out, { ...VOCABULARY, hash: vocabularyHash() });
  shards.tell([...refused, ...unfit], json);
}

const sourceNamed = (name: string): Source => SOURCES.find((source) => source === name) ?? ANY_SOURCE;

/** Songs are known by their folder, or by a source that has nothing else. */
const isSong = (file: string): boolean => file.includes('song/') || sourceOf(file) === 'openscore-lieder';

function encoded(file: string, reading: Reading): Outcome {
  const staves = stavesOf(reading, isSong(file));
  if (!isOnGrid(staves))
    return { code: 'no_grid', reason: 'its notes do not lie on a grid of bars and beats' };
  const score = layOut(staves);
  if (!score) return { code: 'no_bars', reason: 'a bar is longer than eight quarters' };
  const hasVoice = score.notes.some(({ part }) => part === 'voice');
  const texture = hasVoice ? 'song' : staves.staves.length === 1 ? 'line' : 'solo';
  return { texture, tokens: encodeScore(score) };
}
