import fc from 'fast-check';
import type { Rule, Window } from '../../src/schedule/window.ts';

export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

export const aWindow = (fields: Partial<Window> = {}): Window => ({
  schema: 1,
  id: 'evening-test',
  title: 'Evening',
  rule: { kind: 'daily', at: '20:00', days: EVERY_DAY },
  timeZone: 'Europe/Berlin',
  limitMinutes: 15,
  firstDate: null,
  lastDate: null,
  performance: 'today',
  priority: 0,
  ...fields,
});

/** Zones with every kind of clock: none, whole and half hours, both hemispheres, changes at Ramadan and at midnight. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Pacific/Apia',
  'Pacific/Chatham',
];

const two = (n: number): string => String(n).padStart(2, '0');
const anyTimeOfDay = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${two(hour)}:${two(minute)}`);

const anyDailyRule: fc.Arbitrary<Rule> = fc.record({
  kind: fc.constant('daily' as const),
  at: anyTimeOfDay,
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
});

/** A cron field: `*`, a step, or a few values. */
const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 2, max: Math.max(2, Math.floor((max - min) / 2)) }).map((step) => `*/${step}`),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join()),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  );

/** Days of the month up to 28, so that every rule comes now and then. */
export const anyCron = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
  .map((fields) => fields.join(' '));

export const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  anyDailyRule,
  anyCron.map((expression) => ({ kind: 'cron' as const, expression })),
  fc.record({
    kind: fc.constant('once' as const),
    at: fc.tuple(fc.integer({ min: 0, max: 900 }), anyTimeOfDay).map(([day, at]) => {
      const date = new Date(Date.UTC(2026, 10, 21) + day * 86_400_000).toISOString().slice(0, 10);
      return `${date}T${at}`;
    }),
  }),
);

export const anyWindow: fc.Arbitrary<Window> = fc
  .record({
    rule: anyRule,
    timeZone: fc.constantFrom(...ZONES),
    limitMinutes: fc.integer({ min: 1, max: 180 }),
  })
  .map((fields) => aWindow(fields));
