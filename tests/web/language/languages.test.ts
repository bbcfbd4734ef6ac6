import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { chosen, LANGUAGES } from '../../../web/language/choose.ts';
import { de } from '../../../web/language/de.ts';
import { english, type Words } from '../../../web/language/english.ts';
import { es } from '../../../web/language/es.ts';
import { fr } from '../../../web/language/fr.ts';
import { ja } from '../../../web/language/ja.ts';
import { reader, type Tongue } from '../../../web/language/reader.ts';
import { speak } from '../../../web/language/words.ts';
import { dateText, heardText, notesText, shortDayText } from '../../../web/language/written.ts';
import { beThereText, countdownText, dayAndTime, hearText, playedText } from '../../../web/page/words.ts';

const TONGUES: readonly Tongue[] = [de, fr, es, ja];
afterEach(() => speak(english));

describe('which language', () => {
  test('the first of the visitor’s languages that there is, whatever its region', () => {
    expect(chosen(['de-AT', 'en'])).toBe('de');
    expect(chosen(['fr-CA'])).toBe('fr');
    expect(chosen(['ES-419'])).toBe('es');
    expect(chosen(['nl', 'ja-JP', 'de'])).toBe('ja');
  });

  test('English where it is dearer, and where none of theirs is there', () => {
    expect(chosen(['en-GB', 'de'])).toBeNull();
    expect(chosen(['nl', 'en', 'fr'])).toBeNull();
    expect(chosen(['nl', 'sv'])).toBeNull();
    expect(chosen([])).toBeNull();
    // A language whose name only begins like one of ours.
    expect(chosen(['esu', 'frr', 'den'])).toBeNull();
  });

  test('each has its file, its sentences and its script', () => {
    const files = readdirSync(new URL('../../../web/language/printed/', import.meta.url));
    expect(files.filter((file) => file !== 'sentences.ts').sort()).toEqual(
      LANGUAGES.map((code) => `${code}.ts`).sort(),
    );
    expect(TONGUES.map(({ code }) => code)).toEqual([...LANGUAGES]);
  });
});

/** What a word says, for all of what it may be asked. */
function saidOf(words: Words, name: keyof Words): string[] {
  const word = words[name] as string | ((...args: never[]) => string);
  if (typeof word === 'string') return [word];
  const call = word as (...args: unknown[]) => string;
  if (name === 'dayAndTime' || name === 'beThere')
    return ['today', 'tonight', 'tomorrow', 'weekday', 'date'].map((near) => call(near, '〈day〉', '21:00'));
  if (name === 'hear')
    return ['tonight', 'today', 'lastNight', 'yesterday', 'weekday', 'date'].map((near) =>
      call(near, '〈day〉'),
    );
  if (name === 'caption')
    return [0, 1, 2].flatMap((degree) => [1, 2, 5].map((n) => call(degree, degree, degree, n)));
  if (name === 'turn') return ['leaves', 'returns', 'varies'].map((turn) => call(turn, 'II', 25));
  if (name === 'timeOf') return [call('0:10 / 4:00')];
  if (name === 'notes' || name === 'heardBy') return [0, 1, 2, 1_234].map((n) => call(n, String(n)));
  if (name === 'extraOf' || name.startsWith('tab') || name === 'encoreOf') return [call('〈words〉')];
  if (name === 'lineOpen') return [call(null, null, 0), call(0.4, null, 1), call(3.2, 8.1, 12)];
  return [0, 1, 2].map((n) => call(n, n + 1, n + 2));
}
const NAMES = Object.keys(english) as (keyof Words)[];
/** What is said in the same way in more than one language. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  de: ['live', 'tabLive', 'percent', 'comma', 'turn'],
  fr: ['pause', 'silence', 'movement', 'percent', 'comma', 'notes', 'milliseconds'],
  es: ['comma', 'percent', 'hearing'],
  ja: ['comma'],
};

describe.each(TONGUES.map((tongue) => [tongue.code, tongue] as const))('%s', (code, tongue) => {
  test('says all that English says, and none of it in English', () => {
    for (const name of NAMES) {
      if (name === 'code' || name === 'locale' || name === 'title' || name === 'fromTo' || name === 'inPlace')
        continue;
      const [own, theirs] = [saidOf(tongue, name), saidOf(english, name)];
      expect(own.every((text) => text.length > 0 && !/undefined|null|NaN/.test(text))).toBe(true);
      if (!SAME[code]!.includes(name))
        expect([
          name,
          own.filter((text) => theirs.includes(text) && /\p{L}{3}/u.test(text.replace(/〈[^〉]*〉/g, ''))),
        ]).toEqual([name, []]);
    }
  });

  test('numbers, names and times that are handed in are said', () => {
    for (const name of ['beThere', 'dayAndTime'] as const)
      for (const text of saidOf(tongue, name)) expect(text).toContain('21:00');
    for (const name of ['dayAndTime', 'beThere', 'hear'] as const)
      for (const text of saidOf(tongue, name).slice(-2)) expect(text).toContain('〈day〉');
    expect(tongue.punched(17)).toContain('17');
    expect(tongue.hearing(17)).toContain('17');
    expect(tongue.lineOpen(3.2, null, 17)).toMatch(/4.*17/);
    expect(tongue.midiFailed('〈why〉')).toContain('〈why〉');
    expect(tongue.disconnected('〈piano〉')).toContain('〈piano〉');
    expect(tongue.heardBy(3, '〈3〉')).toContain('〈3〉');
  });

  test('a count has the form that Intl.PluralRules names for it', () => {
    const rules = new Intl.PluralRules(tongue.locale);
    const forms = new Map<string, Set<string>>();
    for (let count = 0; count <= 120; count++) {
      const form = rules.select(count);
      const words = [tongue.notes(count, ''), tongue.milliseconds(count).replace(/\d+/, '')];
      // Nobody is said in words of its own.
      if (count > 0) words.push(tongue.heardBy(count, ''));
      words.forEach((text, i) => {
        const key = `${i} ${form}`;
        forms.set(key, (forms.get(key) ?? new Set()).add(text));
      });
    }
    for (const [, texts] of forms) expect(texts.size).toBe(1);
    const distinct = (i: number) =>
      new Set([...forms].filter(([key]) => key.startsWith(`${i} `)).flatMap(([, texts]) => [...texts])).size;
    expect(distinct(0)).toBe(rules.resolvedOptions().pluralCategories.length > 1 ? 2 : 1);
  });

  test('sentences with gaps have as many of them as in English', () => {
    const gaps = (text: string) => text.split('{}').length;
    for (const [printed, own] of Object.entries(tongue.printed))
      expect([printed, gaps(own)]).toEqual([printed, gaps(printed)]);
  });
});

test('all print the same sentences', () => {
  const keys = TONGUES.map(({ printed }) => Object.keys(printed).sort());
  for (const others of keys.slice(1)) expect(others).toEqual(keys[0]);
});

const NOW = Date.parse('2026-11-21T05:00:00Z');
const at = (iso: string) => Date.parse(iso);
const BERLIN = 'Europe/Berlin';
const PLAYED = { id: '2026-11-20', playedAt: at('2026-11-20T20:00:00Z') };

test.each([
  [
    de,
    [
      'Heute Abend 20:00',
      'Morgen um 20:00 dabei sein',
      'Am Montag um 20:00 dabei sein',
      'Nachhören: gestern Abend',
      'Freitag, 20. November, 21:00',
      '21. November 2026',
      '1.234 Töne',
      'von niemandem gehört',
      'in 6 Std. 12 Min.',
    ],
  ],
  [
    fr,
    [
      'Ce soir 20:00',
      'Être là demain à 20:00',
      'Être là lundi à 20:00',
      'Réécouter celui d’hier soir',
      'vendredi 20 novembre, 21:00',
      '21 novembre 2026',
      '1 234 notes',
      'entendu par personne',
      'dans 6 h 12 min',
    ],
  ],
  [
    es,
    [
      'Esta noche 20:00',
      'Estar ahí mañana a las 20:00',
      'Estar ahí el lunes a las 20:00',
      'Escuchar la de anoche',
      'viernes, 20 de noviembre, 21:00',
      '21 de noviembre de 2026',
      '1234 notas',
      'no la oyó nadie',
      'en 6 h 12 min',
    ],
  ],
  [
    ja,
    [
      '今夜 20:00',
      '明日20:00に立ち会う',
      '月曜日20:00に立ち会う',
      '昨夜の演奏を聴く',
      '11月20日金曜日、21:00',
      '2026年11月21日',
      '1,234音',
      '聴いた人なし',
      'あと6時間12分',
    ],
  ],
])('days, hours and counts as $code writes them', (tongue, expected) => {
  speak(tongue);
  const said = [
    dayAndTime(at('2026-11-21T19:00:00Z'), NOW, BERLIN),
    beThereText(at('2026-11-22T19:00:00Z'), NOW, BERLIN),
    beThereText(at('2026-11-23T19:00:00Z'), NOW, BERLIN),
    hearText(PLAYED, NOW, BERLIN),
    playedText(PLAYED, BERLIN),
    dateText('2026-11-21'),
    notesText(1_234),
    heardText(0),
    countdownText((6 * 60 + 12) * 60_000),
  ];
  // French parts thousands by a narrow space that does not break.
  expect(said.map((text) => text.replace(/[\u202f\u00a0]/g, ' '))).toEqual(expected);
  expect(shortDayText('2026-11-17')).toContain('17');
});

test('titles are read out of the English in which they are stored; what is no title of ours stays', () => {
  const stored = [
    'Suite in D flat major',
    'Cradle song in F sharp minor',
    'Two pieces in B flat major',
    'Waltz in B minor',
    'Für Elise',
    '',
  ];
  expect(stored.map(de.title)).toEqual([
    'Suite in Des-Dur',
    'Wiegenlied in fis-Moll',
    'Zwei Stücke in B-Dur',
    'Walzer in h-Moll',
    'Für Elise',
    '',
  ]);
  expect(stored.map(fr.title)).toEqual([
    'Suite en ré bémol majeur',
    'Berceuse en fa dièse mineur',
    'Deux pièces en si bémol majeur',
    'Valse en si mineur',
    'Für Elise',
    '',
  ]);
  expect(stored.map(es.title)).toEqual([
    'Suite en re bemol mayor',
    'Canción de cuna en fa sostenido menor',
    'Dos piezas en si bemol mayor',
    'Vals en si menor',
    'Für Elise',
    '',
  ]);
  expect(stored.map(ja.title)).toEqual([
    '組曲 変ニ長調',
    '子守歌 嬰ヘ短調',
    '二つの小品 変ロ長調',
    'ワルツ ロ短調',
    'Für Elise',
    '',
  ]);
});

test('lists, gaps and dates within them are read', () => {
  speak(de);
  const read = reader(de);
  expect(read('21 November 2026 · 3:01 · 1,184 notes · heard by 12')).toBe(
    '21. November 2026 · 3:01 · 1.184 Töne · von 12 gehört',
  );
  expect(read('Suite in A minor, 21 November 2026 · Pianola')).toBe(
    'Suite in a-Moll, 21. November 2026 · Pianola',
  );
  expect(read('about $0.012, estimated by list prices of 1 June 2026')).toBe(
    'etwa $0.012, geschätzt nach den Listenpreisen vom 1. Juni 2026',
  );
  expect(read('Saturday, 21 November 2026: nothing was played')).toBe(
    'Samstag, 21. November 2026: nichts gespielt',
  );
  expect(read('Before: Waltz in E flat major')).toBe('Davor: Walzer in Es-Dur');
  expect(read('an extra of 21 November 2026')).toBe('eine Zugabe vom 21. November 2026');
  expect(read('Nov')).toBe('Nov');
  expect(read('Words of nobody’s')).toBeNull();
});
