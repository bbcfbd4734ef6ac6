import { describe, expect, test } from '@jest/globals';
import { samplePhrase } from '../../src/compose/sample-phrase.ts';
import { seededRandom } from '../../src/music/random.ts';
import { cadenceOf } from '../../src/music/score/phrases.ts';
import { decodeNotes, noteTriple } from '../../src/music/tokens/encode.ts';
import {
  EMPTY_BAR,
  HERE,
  LENGTH,
  METRE,
  NEXT,
  NO_LENGTH,
  NO_PITCH,
  PITCH,
  SOURCE,
  VOCABULARY_SIZE,
} from '../../src/music/tokens/vocabulary.ts';
import { scoreModel } from '../support/score-model.ts';

const told = [METRE + 2, NO_PITCH, NO_LENGTH];
const REQUEST = { tokens: told, bars: 4, metre: { beats: 4, unit: 4 }, texture: 'solo' } as const;
const right = { length: 24, part: 'right' } as const;
const OPENING = [NEXT, HERE + 24, HERE + 48, NEXT + 24].flatMap((place, i) =>
  noteTriple(place, { ...right, pitch: 60 + i }),
);

describe('a phrase is sampled', () => {
  test('on from bars that are told, which are part of it and are not counted as sampled', async () => {
    const read: (readonly number[])[] = [];
    const model = scoreModel({ onAppend: (tokens) => read.push(tokens) });
    const sample = (opening?: readonly number[]) =>
      samplePhrase(
        opening ? { ...REQUEST, opening } : REQUEST,
        model.newDecoder(),
        model.contextLength,
        seededRandom(1),
      );
    const phrase = await sample(OPENING);
    expect(read[0]).toEqual([...told, ...OPENING]);
    expect(phrase.tokens.slice(0, OPENING.length)).toEqual(OPENING);
    expect(phrase.tokens.length).toBeGreaterThan(OPENING.length);
    expect(phrase.nats).toHaveLength((phrase.tokens.length - OPENING.length) / 3);
    // Two bars of four were told.
    const bars = phrase.tokens.filter((token, i) => i % 3 === 0 && token >= NEXT);
    expect(bars).toHaveLength(4);
    expect((await sample()).tokens.slice(0, OPENING.length)).not.toEqual(OPENING);
  });

  test('and of an empty bar its place alone is counted, with the note that comes', async () => {
    // Every token is as likely as another of its slot; the third bar is to be empty, and the fourth not.
    const model = scoreModel();
    const logits = new Float32Array(VOCABULARY_SIZE);
    let asked = 0;
    const decoder = {
      length: 0,
      reset() {},
      async append() {
        logits[EMPTY_BAR] = asked++ === 0 ? 10 : -1_000;
        return logits;
      },
    };
    const { tokens, nats } = await samplePhrase(
      { ...REQUEST, opening: OPENING },
      decoder,
      model.contextLength,
      seededRandom(1),
    );
    expect(tokens[OPENING.length]).toBe(EMPTY_BAR);
    const notes = (tokens.length - OPENING.length) / 3 - 1;
    const note = Math.log(PITCH - 1) + Math.log(LENGTH - PITCH) + Math.log(SOURCE - LENGTH);
    expect(notes).toBeGreaterThan(0);
    expect(nats).toHaveLength(notes);
    const empty = Math.log(1 + (PITCH - 1) * Math.exp(-10));
    expect(nats[0]).toBeCloseTo(empty + note, 5);
    for (const each of nats.slice(1)) expect(each).toBeCloseTo(note, 5);
  });

  test('to a rest on the tonic where it is asked for', async () => {
    const model = scoreModel();
    const rests = { tonic: 9, major: false };
    for (let seed = 0; seed < 8; seed++) {
      const { tokens } = await samplePhrase(
        { ...REQUEST, rests },
        model.newDecoder(),
        model.contextLength,
        seededRandom(seed),
      );
      const notes = decodeNotes(tokens, (bar) => ({ start: bar * 96 }));
      const last = notes.filter(({ onset }) => onset >= 3 * 96);
      expect(cadenceOf(last, rests)).toBe('full');
    }
  });
});
