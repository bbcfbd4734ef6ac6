import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { barLength, inOrder, PARTS, type Score } from '../../../src/music/score/score.ts';
import { musicXml } from '../../../src/music/sheet/musicxml.ts';
import type { Slur } from '../../../src/music/sheet/notations.ts';
import { tidy } from '../../../src/music/sheet/tidy.ts';
import { LENGTHS } from '../../../src/music/tokens/vocabulary.ts';

const METRE = { beats: 4, unit: 4 };
const WIDTH = barLength(METRE);
const bars = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ start: i * WIDTH, length: WIDTH, metre: METRE }));
const HOME = { tonic: 0, major: true };
const sheet = (score: Score, slurs: readonly Slur[] = []) =>
  musicXml({
    title: 'A & B',
    colophon: 'Pianola',
    movements: [{ title: 'Song', score, home: HOME, quartersPerMinute: 80, slurs }],
  });
const note = (onset: number, length: number, pitch: number, part: 'right' | 'voice' = 'right') => ({
  ...{ onset, length, pitch, part },
});
const STEPS: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** What the sheet says is struck, as onset and pitch, and how long each voice of each bar is. */
function read(xml: string) {
  const struck: [number, number][] = [];
  const lengths: number[] = [];
  xml
    .split('<measure ')
    .slice(1)
    .forEach((measure, bar) => {
      for (const voice of measure.split('<backup>')) {
        let at = bar * WIDTH;
        let last = at;
        for (const [, note] of voice.matchAll(/<note[^>]*>(.*?)<\/note>/gs)) {
          const duration = Number(/<duration>(\d+)/.exec(note!)![1]);
          const chord = note!.includes('<chord/>');
          const pitch = /<step>(.)<\/step>(?:<alter>(-?\d)<\/alter>)?<octave>(\d)/.exec(note!);
          if (pitch && !note!.includes('<tie type="stop"/>'))
            struck.push([
              chord ? last : at,
              STEPS[pitch[1]!]! + Number(pitch[2] ?? 0) + 12 * (Number(pitch[3]) + 1),
            ]);
          if (!chord) [last, at] = [at, at + duration];
        }
        lengths.push(at - bar * WIDTH);
      }
    });
  return { struck: struck.sort((a, b) => a[0] - b[0] || a[1] - b[1]), lengths };
}

describe('a sheet of music', () => {
  test('has every note of the score, struck when it is struck, and bars that add up', () => {
    const grid = fc.integer({ min: 0, max: 4 * 16 - 1 }).map((i) => i * 6);
    const thirds = fc.integer({ min: 0, max: 4 * 12 - 1 }).map((i) => i * 8);
    const note = fc.record({
      onset: fc.oneof(grid, thirds),
      length: fc.constantFrom(...LENGTHS.filter((length) => length >= 3)),
      pitch: fc.integer({ min: 21, max: 108 }),
      part: fc.constantFrom(...PARTS),
    });
    const cases = fc.property(fc.array(note, { minLength: 1, maxLength: 60 }), (loose) => {
      // The grammar divides a quarter by two or by three, never by both.
      const thirdsIn = new Set(
        loose.filter(({ onset }) => onset % 3 !== 0).map(({ onset }) => Math.floor(onset / 24)),
      );
      const kept = loose.filter(({ onset }) => !thirdsIn.has(Math.floor(onset / 24)) || onset % 4 === 0);
      const played = inOrder(kept);
      const score = tidy({ bars: bars(12), notes: played });
      const { struck, lengths } = read(sheet(score));
      expect(struck).toEqual(score.notes.map(({ onset, pitch }) => [onset, pitch]));
      expect(new Set(lengths)).toEqual(new Set([WIDTH]));
      // A key that is struck again at once, a triplet against a duplet, is struck once.
      const lasting = played.filter(
        ({ onset, pitch }) =>
          !played.some((other) => other.pitch === pitch && other.onset > onset && other.onset < onset + 3),
      );
      expect(struck).toEqual(lasting.map(({ onset, pitch }) => [onset, pitch]));
    });
    fc.assert(cases, { numRuns: 80 });
  });

  test('ties a note over the bar line, and tells of an accidental once a bar', () => {
    const score: Score = {
      bars: bars(2),
      notes: [
        { onset: 0, length: 24, pitch: 66, part: 'right' },
        { onset: 24, length: 24, pitch: 66, part: 'right' },
        { onset: 72, length: 48, pitch: 72, part: 'right' },
      ],
    };
    const xml = sheet(score);
    expect(xml.match(/<accidental>sharp<\/accidental>/g)).toHaveLength(1);
    expect(xml.match(/<tie type="start"\/>/g)).toHaveLength(1);
    expect(xml).toContain('<work-title>A &amp; B</work-title>');
  });

  test('brackets the three notes of a triplet', () => {
    const notes = [0, 8, 16].map((onset) => ({
      onset,
      length: 8,
      pitch: 60 + onset,
      part: 'right' as const,
    }));
    const xml = sheet({ bars: bars(1), notes });
    expect(xml.match(/<actual-notes>3/g)).toHaveLength(3);
    expect(xml.match(/<tuplet type="start"/g)).toHaveLength(1);
    expect(xml.match(/<tuplet type="stop"/g)).toHaveLength(1);
  });
});

describe('where several voices share a staff', () => {
  const xmlOf = (notes: Score['notes'], slurs: readonly Slur[] = []) =>
    sheet({ bars: bars(2), notes: inOrder(notes) }, slurs);
  /** What both bars say of the upper staff's notes: stems, and where a slur begins, where. */
  const shownOf = (...what: Parameters<typeof xmlOf>) => {
    const xml = xmlOf(...what);
    return [...xml.matchAll(/<note( print-object="no")?>(.*?)<\/note>/gs)]
      .filter(([, , text]) => text!.includes('<staff>1</staff>'))
      .map(([, hidden, text]) =>
        [
          text!.includes('<rest') ? (hidden ? 'hidden rest' : 'rest') : /<step>(.)/.exec(text!)![1],
          /<stem>(\w+)/.exec(text!)?.[1],
          /<slur type="start" number="\d" placement="(\w+)"/.exec(text!)?.[1],
        ]
          .filter(Boolean)
          .join(' '),
      );
  };

  test('stems of the upper one go up, of the lower one down, and slurs lie above; alone they lie as they like', () => {
    const [from, to] = [note(0, 48, 76), note(48, 48, 77)];
    const tune = [from, to];
    const held = note(0, 96, 60);
    const alone = [note(96, 48, 79), note(144, 48, 77)];
    const onward = [{ from: held, to: alone[0]! }];
    expect(shownOf([...tune, held, ...alone], onward)).toContain('C down above');
    expect(shownOf([...tune, held, ...alone], [{ from, to }])).toEqual([
      ...['E up above', 'F up', 'C down'],
      ...['G', 'F'],
    ]);
  });

  test('of a sung voice and a hand the one that lies above in a bar is the upper, unless a tie would be torn', () => {
    const sung = (onset: number, length: number) => note(onset, length, 65, 'voice');
    const hand = [note(0, 48, 77), note(48, 48, 76)];
    expect(shownOf([sung(0, 96), ...hand])).toEqual(['F up', 'E up', 'F down', 'rest']);
    expect(shownOf([sung(0, 120), ...hand])).toEqual(['F up', 'F down', 'E down', 'F', 'rest']);
    // Readers take the first for the upper by its number.
    const numbers = [...xmlOf([sung(0, 96), ...hand]).matchAll(/<voice>(\d)/g)].map(([, number]) => number);
    expect(numbers.slice(0, 3)).toEqual(['1', '1', '2']);
    // The next bar's are in order again.
    expect(shownOf([sung(0, 96), ...hand, note(96, 96, 79, 'voice'), note(96, 96, 60)])).toEqual([
      ...['F up', 'E up', 'F down'],
      ...['G up', 'C down'],
    ]);
  });

  test('of three, rests are seen only where all of them rest', () => {
    const sung = [note(24, 24, 81, 'voice')];
    const hand = [note(0, 48, 60), note(0, 24, 64)];
    expect(shownOf([...sung, ...hand])).toEqual([
      ...['hidden rest', 'A up', 'rest'],
      ...['E down', 'hidden rest'],
      ...['C down', 'hidden rest'],
      // The second bar.
      'rest',
    ]);
  });
});

test('a slur goes from the struck beginning of its first note to the tied end of its last', () => {
  const [from, to] = [note(0, 48, 60), note(72, 48, 64)];
  const notes = [from, note(48, 24, 62), to];
  const xml = sheet({ bars: bars(2), notes }, [{ from, to }]);
  const slurred = [...xml.matchAll(/<note>(.*?)<\/note>/gs)]
    .map(([, text]) => [
      /<step>(.)/.exec(text!)?.[1],
      /<tied type="(\w+)"/.exec(text!)?.[1],
      /<slur type="(\w+)"/.exec(text!)?.[1],
    ])
    .filter(([step]) => step);
  expect(slurred).toEqual([
    ['C', undefined, 'start'],
    ['D', undefined, undefined],
    ['E', 'start', undefined],
    ['E', 'stop', 'stop'],
  ]);
});

test.each([
  [{ beats: 4, unit: 4 }, 90, '<beat-unit>quarter</beat-unit><per-minute>90</per-minute>'],
  [{ beats: 2, unit: 2 }, 90, '<beat-unit>half</beat-unit><per-minute>45</per-minute>'],
  [{ beats: 6, unit: 8 }, 90, '<beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>60</per-minute>'],
  [{ beats: 3, unit: 8 }, 100, '<beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>67</per-minute>'],
  [{ beats: 4, unit: 8 }, 40, '<beat-unit>eighth</beat-unit><per-minute>80</per-minute>'],
])(
  'a tempo is told by the beat that %j counts, and to who plays it back in quarters',
  (metre, quartersPerMinute, told) => {
    const length = barLength(metre);
    const score = {
      bars: [{ start: 0, length, metre }],
      notes: [{ onset: 0, length, pitch: 60, part: 'right' as const }],
    };
    const movement = { title: 'Song', home: HOME, score, quartersPerMinute };
    const xml = musicXml({ title: 'One', colophon: 'Pianola', movements: [movement] });
    expect(xml).toContain(`<metronome>${told}</metronome>`);
    expect(xml).toContain(`<sound tempo="${quartersPerMinute}"/>`);
  },
);

test('movements begin with their titles; where there is but one, the head of the page has it', () => {
  const score = { bars: bars(1), notes: [{ onset: 0, length: WIDTH, pitch: 60, part: 'right' as const }] };
  const song = { title: 'Song', home: HOME, score, quartersPerMinute: 80 };
  const words = (...movements: Parameters<typeof musicXml>[0]['movements']) =>
    [...musicXml({ title: 'One', colophon: 'Pianola', movements }).matchAll(/<words [^>]*>(.*?)</g)].map(
      ([, text]) => text,
    );
  expect(words({ ...song, word: 'Allegro' })).toEqual(['Allegro']);
  expect(words(song)).toEqual(['Song']);
  expect(words({ ...song, word: 'Allegro' }, { ...song, title: 'Dance' })).toEqual([
    'Song: Allegro',
    'Dance',
  ]);
});
