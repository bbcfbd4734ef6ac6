/** Two evenings of a real local station, told in one line of JSON: one whole, one longer than its window. */
import { timedStation } from '../support/timed-station.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

const DAY = '2026-11-21';

async function evening(limitMinutes: number): Promise<{ outcome: unknown; public: boolean }> {
  const rule = { kind: 'daily' as const, at: '20:00', days: EVERY_DAY };
  const open = await timedStation(`${DAY}T19:53:00Z`, [aWindow({ rule, timeZone: 'UTC', limitMinutes })]);
  try {
    // Ten minutes after its beginning the station would mend what a broadcaster leaves unpublished.
    await open.time.pass(12 * 60_000);
    const outcomes = open.events.flatMap(({ event, outcome }) =>
      event === 'broadcast.over' ? [outcome] : [],
    );
    return {
      outcome: outcomes[0] ?? 'failed',
      public: (await open.station.site.get(`${DAY}/record.json`)) !== null,
    };
  } finally {
    await open.close();
  }
}

async function main(): Promise<void> {
  const [whole, long] = [await evening(15), await evening(1)];
  process.stdout.write(JSON.stringify({ whole: whole.outcome, public: whole.public, long: long.outcome }));
}

void main();
