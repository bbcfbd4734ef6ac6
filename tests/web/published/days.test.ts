import { expect, test } from '@jest/globals';
import { type Day, daysOf, dayText, publishedDays, weekUntil } from '../../../web/published/days.ts';

const ENTRY = { id: '2026-11-21', title: 'Rain', durationMs: 300_000, notes: 1_234 };
const DAY: Day = { ...ENTRY, weave: '', heard: null, playedAt: null };

test('the index is read as it is published, newest first, and what it does not say is unknown', () => {
  const more = { ...ENTRY, id: '2026-11-22', weave: 'abc', heard: 14, playedAt: 5 };
  expect(daysOf({ schema: 1, performances: [ENTRY, more] })).toEqual([{ ...DAY, ...more }, DAY]);
  expect(dayText(DAY)).toBe('5:00, 1,234 notes');
  expect(dayText({ ...DAY, heard: 14 })).toBe('5:00, 1,234 notes, heard by 14');
  expect(dayText({ ...DAY, heard: 0 })).toBe('5:00, 1,234 notes, heard by nobody');
});

test('what is no day is left out: no link leads elsewhere', () => {
  const wrong = [
    { ...ENTRY, id: '//evil.example' },
    { ...ENTRY, id: '../x' },
    { ...ENTRY, notes: 'x' },
    null,
    3,
  ];
  expect(daysOf({ performances: wrong })).toEqual([]);
  for (const index of [null, 3, {}, { performances: 'x' }]) expect(daysOf(index)).toEqual([]);
});

test('a title that only repeats the date is none', () => {
  for (const title of ['2026-11-21', 'Pianola 2026-11-21'])
    expect(daysOf({ performances: [{ ...ENTRY, title }] })[0]!.title).toBe('');
});

test('a week is the seven days up to one', () => {
  expect(weekUntil('2027-01-02')).toEqual([
    '2026-12-27',
    '2026-12-28',
    '2026-12-29',
    '2026-12-30',
    '2026-12-31',
    '2027-01-01',
    '2027-01-02',
  ]);
  expect(weekUntil('replay')).toEqual([]);
});

/** A site that answers with these, one after the other; `null` is no answer. */
function site(answers: readonly (readonly string[] | null)[]) {
  const waiting: (() => void)[] = [];
  const gaps: number[] = [];
  const told: string[][] = [];
  let asked = 0;
  const published = publishedDays({
    async fetch() {
      const ids = answers[Math.min(asked++, answers.length - 1)];
      if (!ids) throw new Error('404');
      return { performances: ids.map((id) => ({ ...ENTRY, id })) };
    },
    later(task, ms) {
      gaps.push(ms);
      waiting.push(task);
    },
    onDays: (days) => told.push(days.map(({ id }) => id)),
  });
  const settle = async () => {
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve));
      waiting.shift()?.();
    }
  };
  return { published, told, settle, gaps, asked: () => asked };
}

test('the index is asked at once, and again while it does not answer', async () => {
  const { told, settle, asked } = site([null, null, ['2026-11-20']]);
  await settle();
  expect([asked(), told]).toEqual([3, [['2026-11-20']]]);
});

test('a day that was played is looked for until it is there, once', async () => {
  const { published, told, settle, asked } = site([
    ['2026-11-20'],
    ['2026-11-20'],
    ['2026-11-21', '2026-11-20'],
  ]);
  await settle();
  published.expect('2026-11-21');
  published.expect('2026-11-21');
  await settle();
  expect(told).toEqual([['2026-11-20'], ['2026-11-21', '2026-11-20']]);
  expect(asked()).toBe(3);
  published.expect('2026-11-20');
  await settle();
  expect(asked()).toBe(3);
});

test('an archive that never answers is an empty one in the end', async () => {
  const { published, told, settle, asked } = site([null]);
  await settle();
  expect([published.days, told, asked()]).toEqual([[], [[]], 5]);
});

test('a day that is long in coming is asked for over some minutes: what answers for the site may keep the index for one', async () => {
  const { published, settle, gaps, asked } = site([['2026-11-20']]);
  await settle();
  published.expect('2026-11-21');
  await settle();
  expect(asked()).toBe(9);
  expect(gaps.map((ms) => ms / 1_000)).toEqual([3, 6, 15, 30, 60, 60, 120]);
});
