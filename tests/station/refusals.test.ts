/** What an operator is told where a window is not written: what, and what instead. */
import { expect, test } from '@jest/globals';
import { describeRefusal, type Refusal } from '../../src/station/change-windows.ts';
import { aWindow } from '../support/windows.ts';

const window = aWindow({ id: 'evening', timeZone: 'Europe/Berlin' });
const occurrence = (id: string, title: string, iso: string) => ({
  ...{ window: id, title, startsAt: Date.parse(iso), local: iso, timeZone: 'Europe/Berlin' },
});
const evening = occurrence('evening', 'Evening', '2026-11-21T19:00:00Z');
const late = occurrence('late', '', '2026-11-21T19:10:00Z');
const EVENING = 'Sat 2026-11-21 20:00 Europe/Berlin (Sat 2026-11-21 19:00 UTC)';
const LATE = 'Sat 2026-11-21 20:10 Europe/Berlin (Sat 2026-11-21 19:10 UTC)';
const limit = { field: 'limit', stored: '15 minutes', yours: '20 minutes' };
const title = { field: 'title', stored: 'One', yours: 'Two' };

test.each<[Refusal, string]>([
  [
    {
      refused: 'gap',
      before: Date.parse('2027-03-28T00:59:00Z'),
      after: Date.parse('2027-03-28T01:00:00Z'),
    },
    'that time does not exist in Europe/Berlin, where clocks go forward then: the nearest real times are ' +
      'Sun 2027-03-28 01:59 Europe/Berlin (Sun 2027-03-28 00:59 UTC) and Sun 2027-03-28 03:00 Europe/Berlin (Sun 2027-03-28 01:00 UTC)',
  ],
  [
    { refused: 'never' },
    'this window would never be played: give a time to come, a later last date, or a higher --priority',
  ],
  [
    { refused: 'overlap', conflict: { earlier: evening, later: late } },
    `windows evening “Evening” and late overlap: the first plays from ${EVENING}, the doors of the second open 5 minutes before ${LATE}; ` +
      'choose another time, a smaller --limit, or let one go before the other with --priority',
  ],
  [
    { refused: 'stale', stored: null, differences: [] },
    'window evening was cancelled meanwhile: add it anew',
  ],
  [
    { refused: 'stale', stored: { window, version: 3 }, differences: [limit, title] },
    'window evening was changed meanwhile, it is at version 3 (limit: stored 15 minutes, yours 20 minutes; ' +
      'title: stored One, yours Two): look at it and edit that version',
  ],
  [
    { refused: 'stale', stored: { window, version: 3 }, differences: [] },
    'window evening was changed meanwhile, it is at version 3 (no difference in its fields): look at it and edit that version',
  ],
  [
    { refused: 'under way', occurrence: evening },
    `window evening has its doors open or plays, from five minutes before ${EVENING} to its limit: wait until it is over`,
  ],
  [
    {
      refused: 'on air',
      meeting: { broadcast: 'now@X', until: Date.parse('2026-11-21T19:00:00Z'), occurrence: late },
    },
    `now@X is on the air until ${EVENING} at the latest, the doors of window late would open 5 minutes before ${LATE}: ` +
      'wait until it is over, or choose another time',
  ],
  [{ refused: 'unknown' }, 'there is no window evening: pianola schedule list shows them'],
])('%j', (refusal, text) => {
  expect(describeRefusal(refusal, window)).toBe(text);
});
