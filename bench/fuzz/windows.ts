/** Window files, as an operator's hand, another version or half a disk may leave them: read, and all that is asked of one. */
import { seededRandom } from '../../src/music/random.ts';
import {
  clockChanges,
  describeRule,
  differences,
  findConflict,
  LONGEST_LIMIT_MINUTES,
  occurrences,
  parseWindow,
  startsThen,
  underWay,
  type Window,
} from '../../src/schedule/index.ts';
import { pick, type Random } from './pick.ts';
import type { Target } from './run.ts';
import { mutate, PIECES } from './text.ts';

const RULES = [
  '{"kind":"once","at":"2026-12-24T18:30"}',
  '{"kind":"daily","at":"02:30","days":[1,2,3,4,5,6,7]}',
  '{"kind":"daily","at":"20:00","days":[6,7]}',
  '{"kind":"cron","expression":"0 20 * * fri"}',
  '{"kind":"cron","expression":"*/15 8-22 29 feb *"}',
  '{"kind":"cron","expression":"30 2 1,15 nov-mar fri-mon"}',
  '{"kind":"sky","event":"sunset","latitude":52.5,"longitude":13.4}',
  '{"kind":"sky","event":"full-moon","latitude":0,"longitude":0}',
];
const ZONES = [
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'UTC',
];
/** What means something in one of these files, beside what means nothing anywhere. */
const WINDOW_PIECES = [
  ...PIECES,
  ...[
    '"once"',
    '"daily"',
    '"cron"',
    '"sky"',
    '"today"',
    '"sunrise"',
    '"new-moon"',
    '"Etc/GMT+12"',
    '"+02:00"',
  ],
  ...[
    '"2026-02-29"',
    '"2028-02-29"',
    '"9999-12-31"',
    '"0000-01-01"',
    '"-271821-04-20"',
    '"24:00"',
    '"2026-11-31T10:00"',
  ],
  ...[
    '"* * * * *"',
    '"0 0 31 2 *"',
    '"0 0 29 2 *"',
    '"@daily"',
    '*/0',
    '7-1',
    'sun',
    '90',
    '-90',
    '180',
    '-180.5',
    '1e-9',
  ],
];
/** Between two changes of clocks, over one, and long after all that anybody plans. */
const INSTANTS = ['2026-11-28T12:00Z', '2027-03-28T00:59Z', '2096-02-28T23:59Z', '1970-01-01T00:00Z'].map(
  Date.parse,
);
const OTHER = parseWindow(JSON.parse(text(RULES[1]!, 'Europe/Berlin')));
const LOOKED_AT = 4;
/** Not all windows are compared with another: it takes as long as a hundred others. */
const COMPARED_EACH = 16;

function text(rule: string, timeZone: string): string {
  return `{"schema":1,"id":"evening-1","title":"Evening","rule":${rule},"timeZone":"${timeZone}","limitMinutes":15,"firstDate":null,"lastDate":"2031-01-31","performance":"today"}`;
}

export function newTarget(seed: number): Target {
  return {
    try(index) {
      const random = seededRandom(seed * 2 ** 32 + index);
      const file = mutate(random, text(pick(random, RULES), pick(random, ZONES)), WINDOW_PIECES);
      const read = json(file);
      if (!read) return 'no JSON';
      const window = parseWindow(read.value);
      holds(!('x' in {}), 'prototypes stay as they are');
      if ('problem' in window) return checkProblem(window.problem);
      return check(window, random, index % COMPARED_EACH === 0);
    },
  };
}

function json(file: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(file) };
  } catch {
    return null;
  }
}

function checkProblem(problem: string): string {
  holds(problem.startsWith('"') && problem.includes(': '), `it names the field: ${problem}`);
  return 'refused';
}

function check(window: Window, random: Random, compare: boolean): string {
  const again = parseWindow(JSON.parse(JSON.stringify(window)));
  holds(JSON.stringify(again) === JSON.stringify(window), 'what was read is read again');
  const { limitMinutes, firstDate, lastDate, id, timeZone } = window;
  holds(limitMinutes >= 1 && limitMinutes <= LONGEST_LIMIT_MINUTES, `limit ${limitMinutes}`);
  holds(!/NaN|undefined|Infinity/.test(describeRule(window.rule)), describeRule(window.rule));
  holds(differences(window, window).length === 0, 'a window is like itself');
  const now = pick(random, INSTANTS);
  let before = now;
  let found = 0;
  for (const { startsAt, local, window: name } of occurrences(window, now)) {
    holds(Number.isSafeInteger(startsAt) && startsAt > before, `${startsAt} comes after ${before}`);
    holds(name === id && Date.parse(local) === startsAt, `${local} is ${startsAt}`);
    const date = local.slice(0, 10);
    holds(
      (firstDate ?? date) <= date && date <= (lastDate ?? date),
      `${date} is in ${firstDate} to ${lastDate}`,
    );
    holds(startsThen(window, startsAt), `it starts at ${local} in ${timeZone}`);
    holds(underWay(window, startsAt)?.startsAt !== undefined, `it is under way at ${local}`);
    before = startsAt;
    if (++found === LOOKED_AT) break;
  }
  if (compare && !('problem' in OTHER)) {
    for (const { kind } of clockChanges(window, now)) holds(kind === 'gap' || kind === 'overlap', kind);
    const conflict = findConflict(window, [OTHER], now);
    if (conflict) holds(conflict.earlier.startsAt <= conflict.later.startsAt, 'the earlier one comes first');
  }
  return `${window.rule.kind}, ${found === 0 ? 'never' : 'to come'}`;
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
