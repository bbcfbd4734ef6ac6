/** What /play/ and the shelf say beside all other pages, in each language: their words, and what they read of the station's. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildPage } from '../../../src/adapters/net/page-bundle.ts';
import { REPAIRS } from '../../../src/music/midi/limits.ts';
import { BARS_TOO_LONG } from '../../../src/music/score/place.ts';
import { ROOMS, wordsFile } from '../../../web/language/choose.ts';
import { english } from '../../../web/language/english.ts';
import { reader } from '../../../web/language/reader.ts';
import { speak } from '../../../web/language/words.ts';
import { ENGLISH, PLAY, SHELF, TONGUES, within } from './rooms.ts';

afterEach(() => speak(english));

const GAPS = /\{=?\}/g;

/** What a word says for counts and names that are handed in; names are nobody's language. */
const saidOf = (word: unknown): readonly string[] => {
  if (typeof word === 'string') return [word];
  const call = word as (...args: unknown[]) => string;
  const names = ['〈a〉', '〈b〉', '〈c〉'];
  return [call(...names), ...[0, 1, 2, 17].map((n) => call(n, String(n), n))];
};

describe.each([
  ['play', ENGLISH.play, PLAY],
  ['shelf', ENGLISH.shelf, SHELF],
] as const)('%s', (_, inEnglish, rooms) => {
  test('each language says all that English says, with what is handed in, and none of it in English', () => {
    for (const [i, { said }] of rooms.entries()) {
      expect(Object.keys(said).sort()).toEqual(Object.keys(inEnglish).sort());
      for (const [name, word] of Object.entries(inEnglish)) {
        const [own, theirs] = [saidOf((said as Record<string, unknown>)[name]), saidOf(word)];
        for (const [j, text] of own.entries()) {
          expect({ code: TONGUES[i]!.code, name, text }).not.toMatchObject({ text: theirs[j] });
          expect(text).not.toMatch(/undefined|null|NaN|^$/);
        }
        expect([name, own[0]!.match(/〈.〉/g)?.sort()]).toEqual([name, theirs[0]!.match(/〈.〉/g)?.sort()]);
      }
    }
  });

  test('all print the same sentences, with as many gaps as in English', () => {
    for (const { printed } of rooms) {
      expect(Object.keys(printed).sort()).toEqual(Object.keys(rooms[0]!.printed).sort());
      for (const [sentence, own] of Object.entries(printed))
        expect([sentence, own.split(GAPS).length]).toEqual([sentence, sentence.split(GAPS).length]);
    }
  });
});

test('a page asks for the words of its room, and each such file is there', async () => {
  expect(['/', '/2026-11-21/', '/archive/', '/playing/'].map((path) => wordsFile(path, 'de'))).toEqual(
    Array(4).fill('/words-de.js'),
  );
  expect(wordsFile('/play/', 'ja')).toBe('/words-play-ja.js');
  expect(wordsFile('/shelf/mill/2/', 'fr')).toBe('/words-shelf-fr.js');
  const scripts = [...(await buildPage()).keys()].filter((path) => path.startsWith('/words-')).sort();
  expect(scripts).toEqual(
    TONGUES.flatMap(({ code }) =>
      ['', ...ROOMS.map((room) => `${room}-`)].map((room) => `/words-${room}${code}.js`),
    ).sort(),
  );
});

const MIDI_FILES = ['limits', 'walk', 'track', 'meta', 'bytes', 'unwrap', 'tempo-map'];

/** What stands in quotes in a file that refuses music, where it has words; with a figure for what is put in. */
function sentencesOf(name: string): string[] {
  const path = new URL(`../../../src/music/midi/${name}.ts`, import.meta.url);
  const bare = readFileSync(path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');
  const template = /`([^`]*)`/g;
  const found = [...bare.matchAll(template), ...bare.replace(template, '').matchAll(/'([^'\n]*)'/g)];
  return found.map(([, text]) => text!.replace(/\$\{[^}]*\}/g, '7')).filter((text) => /\w \w/.test(text));
}

test('why a MIDI file cannot be read, and what was repaired in it, is read in each language', () => {
  const repairs: readonly string[] = Object.values(REPAIRS);
  const refusals = MIDI_FILES.flatMap(sentencesOf).filter(
    (text) => !/^(tempi were brought|accepted)/.test(text),
  );
  const sentences = [
    ...refusals.filter((text) => !repairs.includes(text)),
    ...repairs.map((text) => `${text} (3)`),
  ];
  expect(sentences.length).toBeGreaterThan(35);
  for (const rooms of [PLAY, SHELF])
    for (const tongue of within(rooms)) {
      speak(tongue);
      const read = reader(tongue);
      expect([tongue.code, sentences.filter((text) => read(text) === null)]).toEqual([tongue.code, []]);
    }
});

test('why music is not gone on from is read in each language, and the file’s own name stays', () => {
  const problem = 'it lasts 9000 s; the longest we take is 7200 s';
  const refusals = [
    `Waltz is no music that can be read: ${problem}`,
    `Waltz ${BARS_TOO_LONG}`,
    'Waltz holds a key more than 64 times at once, which cannot be written: give other music',
    'Waltz holds every key: nothing can be added',
    `Waltz leaves no room to go on: ${problem}; give less`,
    '24 others are waiting already: come again in a few minutes',
    'that was a lot of music: the next can be given in 30 seconds',
  ];
  for (const tongue of within(PLAY)) {
    speak(tongue);
    const read = reader(tongue);
    for (const [i, text] of refusals.entries()) {
      const own = read(text);
      expect([tongue.code, text, own]).not.toContain(null);
      expect(own).toMatch(i < 5 ? /Waltz/ : /24|30/);
      expect(own).not.toContain('lasts');
    }
  }
});

test('facts of pieces are read, with numbers as the language writes them', () => {
  const [de, , , ja] = within(SHELF);
  speak(de!);
  const read = reader(de!);
  expect(read('3:12, 12 instruments, drums, words')).toBe('3:12, 12 Instrumente, Schlagzeug, Text');
  expect(read('1,234 MIDI files from 2 places, as people left them there.')).toBe(
    '1.234 MIDI-Dateien von 2 Orten, so wie Leute sie dort liegen ließen.',
  );
  expect(read('12 files, collected 3 May 1999 to 21 November 2026.')).toBe(
    '12 Dateien, gesammelt vom 3. Mai 1999 bis zum 21. November 2026.',
  );
  // A piece that is called as a sentence of ours is: it keeps its name.
  expect(read('MIDI file of Prelude in G major')).toBe('MIDI-Datei: Prelude in G major');
  speak(ja!);
  expect(reader(ja!)('0:31, 1 instrument')).toBe('0:31、1種の楽器');
});
