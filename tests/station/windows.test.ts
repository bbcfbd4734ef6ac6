/** Windows written and cancelled, timers armed and taken back, and what is played by hand. */
import { describe, expect, test } from '@jest/globals';
import { memoryBroadcasts, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryWindows } from '../../src/adapters/memory/windows.ts';
import { DOORS_MS, virtualWindow, type Window } from '../../src/schedule/index.ts';
import { arm, disarmObsolete, limitOf, planOf, windowsInForce } from '../../src/station/arm.ts';
import {
  cancelWindow,
  describeRefusal,
  type Refusal,
  saveWindow,
  type WindowPorts,
} from '../../src/station/change-windows.ts';
import { nextStart, onAir, playNow } from '../../src/station/play-now.ts';
import { scale, stored } from '../support/music.ts';
import { aWindow } from '../support/windows.ts';

const ZONE = 'Europe/Berlin';
/** 20:00 in Berlin, winter. */
const T0 = Date.UTC(2026, 10, 21, 19);
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function station(now = T0 - 6 * HOUR_MS) {
  const armed = new Map<string, number>();
  const state = { now, prepared: 0 };
  const ports = {
    windows: memoryWindows(),
    broadcasts: memoryBroadcasts(),
    performances: memoryPerformances(),
    clock: { now: () => state.now },
    otherwise: virtualWindow('21:30', ZONE) as Window | null,
    timer: {
      async arm(id: string, reason: string, instant: number) {
        if (armed.has(`${id} ${reason}`)) return 'exists' as const;
        armed.set(`${id} ${reason}`, instant);
        return 'armed' as const;
      },
      async disarm(id: string) {
        for (const reason of ['doors', 'check']) armed.delete(`${id} ${reason}`);
      },
      armed: async () => [...armed.keys()],
    },
    async prepareSoon() {
      state.prepared++;
      await arm(await windowsInForce(ports.windows, ports.otherwise), ports);
    },
  } satisfies WindowPorts & Record<string, unknown>;
  return { ...ports, ports, armed, state };
}
const window = aWindow({ id: 'evening', title: 'Evening' });
const named = (at: number, id = 'evening') => `${id}@${new Date(at).toISOString()}`;

describe('a window that is written', () => {
  test('takes the place of the one that a station has without any, with its timers', async () => {
    const { ports, armed, state } = station();
    await arm(await windowsInForce(ports.windows, ports.otherwise), ports);
    expect([...armed.keys()][0]).toBe(`${named(T0 + 1.5 * HOUR_MS, 'daily')} doors`);
    const saved = await saveWindow(window, 0, ports);
    expect(saved).toMatchObject({ stored: { version: 1 }, next: { startsAt: T0 }, clockChanges: [] });
    expect(state.prepared).toBe(1);
    expect([...armed.keys()].every((name) => name.startsWith('evening@'))).toBe(true);
    expect(armed.get(`${named(T0)} doors`)).toBe(T0 - DOORS_MS);
    expect(armed.get(`${named(T0)} check`)).toBe(T0 + 60_000);
  });

  test('is only looked at in a dry run', async () => {
    const { ports, state } = station();
    expect(await saveWindow(window, 0, ports, true)).toMatchObject({ stored: { version: 1 } });
    expect([await ports.windows.list(), state.prepared]).toEqual([[], 0]);
  });

  test('is refused where its time does not exist, never comes, or meets another', async () => {
    const { ports } = station();
    const gap = aWindow({ id: 'gap', rule: { kind: 'once', at: '2027-03-28T02:30' } });
    const past = aWindow({ id: 'past', rule: { kind: 'once', at: '2020-01-01T10:00' } });
    expect(await saveWindow(gap, 0, ports)).toMatchObject({ refused: 'gap' });
    expect(await saveWindow(past, 0, ports)).toEqual({ refused: 'never' });
    await saveWindow(window, 0, ports);
    const meets = aWindow({ id: 'meets', title: '', rule: { kind: 'once', at: '2026-11-22T20:10' } });
    const refusal = await saveWindow(meets, 0, ports);
    expect(refusal).toMatchObject({ refused: 'overlap', conflict: { later: { window: 'meets' } } });
    expect(describeRefusal(refusal as Refusal, meets)).toContain(
      'windows evening “Evening” and meets overlap',
    );
    expect(describeRefusal({ refused: 'never' }, past)).toContain('never be played');
    const gapText = describeRefusal((await saveWindow(gap, 0, ports)) as Refusal, gap);
    expect(gapText).toContain('that time does not exist in Europe/Berlin');
  });

  test('is refused where another has written it meanwhile, and told what differs', async () => {
    const { ports } = station();
    await saveWindow(window, 0, ports);
    const other = { ...window, limitMinutes: 20 };
    const stale = (await saveWindow(other, 0, ports)) as Refusal;
    expect(stale).toMatchObject({
      ...{ refused: 'stale', stored: { version: 1 } },
      differences: [{ field: 'limit', stored: '15 minutes', yours: '20 minutes' }],
    });
    expect(describeRefusal(stale, other)).toContain('limit: stored 15 minutes, yours 20 minutes');
    const same = (await saveWindow(window, 7, ports)) as Refusal;
    expect(describeRefusal(same, window)).toContain('no difference in its fields');
    // Between our look and our writing.
    const put = async () => ({ conflict: null });
    const gone = (await saveWindow(window, 1, { ...ports, windows: { ...ports.windows, put } })) as Refusal;
    expect(describeRefusal(gone, window)).toContain('was cancelled meanwhile: add it anew');
  });

  test('is left alone from its doors to its limit', async () => {
    const { ports, state } = station();
    await saveWindow(window, 0, ports);
    state.now = T0 - DOORS_MS;
    const refusal = (await saveWindow({ ...window, limitMinutes: 20 }, 1, ports)) as Refusal;
    expect(refusal).toMatchObject({ refused: 'under way', occurrence: { startsAt: T0 } });
    expect(describeRefusal(refusal, window)).toContain('has its doors open or plays');
    expect(await cancelWindow('evening', 1, ports)).toMatchObject({ refused: 'under way' });
  });
});

describe('what is on the air', () => {
  const MINUTE_MS = 60_000;
  /** Begun at T0 by this name; of so many milliseconds, null: nobody knows yet. */
  async function playing(name: string, durationMs: number | null, now = T0 + MINUTE_MS) {
    const open = station(now);
    const { broadcasts } = open.ports;
    const id = named(T0, name);
    await broadcasts.schedule({ id, startsAt: T0, wanted: '2026-11-21', next: null });
    const lease = await broadcasts.acquire(id, 'one', now, now + 1);
    if (!('epoch' in lease)) throw new Error('nobody else has it');
    await broadcasts.change(lease, { state: 'live', performance: '2026-11-21', durationMs });
    return { ...open, id };
  }
  const once = (at: string, fields: Partial<Window> = {}) =>
    aWindow({ id: 'new', rule: { kind: 'once', at: `2026-11-21T${at}` }, priority: 9, ...fields });

  test.each(['daily', 'now', 'first', 'extra'])(
    'is not cut by a window that is added, be it %s: its doors open when it is over, or it is refused',
    async (name) => {
      const { ports, id } = await playing(name, 5 * MINUTE_MS);
      const daily = { ...ports, otherwise: virtualWindow('20:00', ZONE) };
      const refusal = (await saveWindow(once('20:09'), 0, daily)) as Refusal;
      expect(refusal).toMatchObject({
        refused: 'on air',
        meeting: { broadcast: id, until: T0 + 5 * MINUTE_MS, occurrence: { window: 'new' } },
      });
      expect(await saveWindow(once('20:09'), 0, daily, true)).toEqual(refusal);
      expect(await daily.windows.list()).toEqual([]);
      expect(await saveWindow(once('20:10'), 0, daily)).toMatchObject({ stored: { version: 1 } });
    },
  );

  test('may be as long as one may be while nobody knows how long it is', async () => {
    const { ports } = await playing('first', null);
    expect(await saveWindow(once('23:04'), 0, ports)).toMatchObject({
      ...{ refused: 'on air', meeting: { until: T0 + 3 * HOUR_MS } },
    });
    expect(await saveWindow(once('23:05'), 0, ports)).toMatchObject({ stored: { version: 1 } });
  });

  test('is not cut by what a cancelled window had kept out, nor by the daily one that comes back', async () => {
    const { ports, state } = await playing('now', 5 * MINUTE_MS, T0 - 6 * HOUR_MS);
    const daily = { ...ports, otherwise: virtualWindow('20:09', ZONE) };
    await saveWindow(once('20:30', { id: 'late' }), 0, { ...daily, broadcasts: memoryBroadcasts() });
    state.now = T0 + MINUTE_MS;
    expect(await cancelWindow('late', 1, daily)).toMatchObject({
      ...{ refused: 'on air', meeting: { occurrence: { window: 'daily', startsAt: T0 + 9 * MINUTE_MS } } },
    });
    expect(await cancelWindow('late', 1, ports)).toMatchObject({ version: 1 });
  });

  test('is no reason to refuse what was to come into it before the change', async () => {
    const { ports, state } = await playing('first', null, T0 - 6 * HOUR_MS);
    const open = { ...ports, broadcasts: memoryBroadcasts() };
    await saveWindow(once('21:00', { id: 'soon' }), 0, open);
    await saveWindow(once('23:30', { id: 'later' }), 0, open);
    state.now = T0 + MINUTE_MS;
    const renamed = once('23:30', { id: 'later', title: 'Later' });
    expect(await saveWindow(renamed, 1, ports)).toMatchObject({ stored: { version: 2 } });
    expect(await cancelWindow('later', 2, ports)).toMatchObject({ version: 2 });
  });
});

describe('a window that is cancelled', () => {
  test('goes with its timers, and the station has its own again', async () => {
    const { ports, armed } = station();
    await saveWindow(window, 0, ports);
    expect(await cancelWindow('evening', 1, ports, true)).toMatchObject({ version: 1 });
    expect(await ports.windows.list()).toHaveLength(1);
    expect(await cancelWindow('evening', null, ports)).toMatchObject({ version: 1 });
    expect([...armed.keys()].every((name) => name.startsWith('daily@'))).toBe(true);
  });

  test('is refused where there is none, or another version', async () => {
    const { ports } = station();
    const unknown = (await cancelWindow('evening', null, ports)) as Refusal;
    expect(describeRefusal(unknown, window)).toContain('there is no window evening');
    await saveWindow(window, 0, ports);
    expect(await cancelWindow('evening', 3, ports)).toMatchObject({ refused: 'stale', differences: [] });
    const remove = async () => ({ conflict: null });
    const gone = await cancelWindow('evening', 1, { ...ports, windows: { ...ports.windows, remove } });
    expect(gone).toMatchObject({ refused: 'stale', stored: null });
  });
});

describe('timers', () => {
  test('are armed two days ahead; one begun is left alone, one written late opens its doors at once', async () => {
    const { ports, armed, state } = station(T0 - 60_000);
    expect(await arm([window], ports)).toEqual([named(T0), named(T0 + DAY_MS)]);
    expect(armed.get(`${named(T0)} doors`)).toBe(T0 - DOORS_MS);
    armed.clear();
    await ports.broadcasts.schedule({ id: named(T0), startsAt: T0, wanted: '2026-11-21', next: null });
    expect(await arm([window], ports)).toEqual([named(T0), named(T0 + DAY_MS)]);
    expect([...armed.keys()]).not.toContain(`${named(T0)} doors`);
    expect(await arm([window], ports)).toEqual([]);
    state.now = T0 + 60_000;
    armed.clear();
    await arm([window], ports);
    expect([...armed.keys()].some((name) => name.startsWith(named(T0)))).toBe(false);
  });

  test('of broadcasts that will not be are taken back, of those that stay they stay', async () => {
    const { ports, armed } = station();
    const other = aWindow({ id: 'other', rule: { kind: 'daily', at: '10:00', days: [1, 2, 3, 4, 5, 6, 7] } });
    await arm([window, other], ports);
    expect(await disarmObsolete([window, other], [window], ports)).toEqual([
      named(T0 + 14 * HOUR_MS, 'other'),
      named(T0 + 38 * HOUR_MS, 'other'),
    ]);
    expect([...armed.keys()].every((name) => name.startsWith('evening@'))).toBe(true);
  });

  test('mean nothing any more where the window is gone, was moved, or its time is over', () => {
    const plan = { startsAt: T0, wanted: '2026-11-21', next: T0 + DAY_MS };
    expect(planOf(named(T0), [window], ZONE, T0)).toEqual(plan);
    const once = aWindow({
      id: 'once',
      rule: { kind: 'once', at: '2026-11-21T20:00' },
      performance: '2026-01-01',
    });
    expect(planOf(named(T0, 'once'), [once], ZONE, T0)).toEqual({
      ...plan,
      wanted: '2026-01-01',
      next: null,
    });
    for (const id of ['now', named(T0, 'other'), named(T0 + 1_000)]) {
      expect([id, planOf(id, [window], ZONE, T0)]).toEqual([id, null]);
      expect([id, limitOf(id, [window])]).toEqual([id, null]);
    }
    expect(limitOf(named(T0), [window])).toBe(T0 + 15 * 60_000);
    expect(planOf(named(T0), [window], ZONE, T0 + 15 * 60_000)).toBeNull();
  });
});

describe('what is played by hand', () => {
  const DAY = '2026-11-20';
  const by = async (fields: { now?: number; otherwise?: Window | null } = {}) => {
    const { ports, armed } = station(fields.now);
    await ports.performances.create(stored(DAY, scale(60_000)));
    return { ports: { ...ports, otherwise: fields.otherwise ?? null }, armed };
  };

  test('has its row and its timer before anything else, and a name of its own', async () => {
    const { ports, armed } = await by();
    const startsAt = ports.clock.now() + 5_000;
    expect(await playNow({ performance: DAY, inMs: 5_000 }, ports)).toMatchObject({
      ...{ broadcast: named(startsAt, 'now'), startsAt, durationMs: 59_750 },
    });
    expect(await ports.broadcasts.current()).toMatchObject({ startsAt, wanted: DAY, state: 'scheduled' });
    expect(armed.get(`${named(startsAt, 'now')} doors`)).toBe(startsAt - DOORS_MS);
    // Three lost answers of the stores end all that Lambda tries: it is looked after as a window's broadcast is.
    expect(armed.get(`${named(startsAt, 'now')} check`)).toBe(startsAt + 60_000);
    // Whoever asks again before its doors are open, begins nothing beside it; what is never opened is in nobody's way.
    const id = named(startsAt, 'now');
    expect(await playNow({ performance: DAY, inMs: 0 }, ports)).toEqual({ refused: 'on air', broadcast: id });
    for (const [at, is] of [
      [startsAt - DOORS_MS - 1, undefined],
      [startsAt - DOORS_MS, id],
      [startsAt + 59_999, id],
      [startsAt + 60_000, undefined],
    ] as const)
      expect((await onAir(ports.broadcasts, at))?.id).toBe(is);
  });

  test('is not begun in a dry run, nor without a performance, nor into the doors of the next', async () => {
    const { ports } = await by({ now: T0 - DOORS_MS - 60_000, otherwise: { ...window, id: 'daily' } });
    expect(await nextStart(ports)).toBe(T0);
    expect(await playNow({ performance: '2020-01-01', inMs: 0 }, ports)).toEqual({
      refused: 'no performance',
    });
    expect(await playNow({ performance: DAY, inMs: 1_000 }, ports)).toEqual({ refused: 'overlap', next: T0 });
    expect(await playNow({ name: 'first', performance: DAY, inMs: 0 }, ports, true)).toMatchObject({
      broadcast: named(ports.clock.now(), 'first'),
    });
    expect(await ports.broadcasts.current()).toBeNull();
  });

  test('waits for what is on the air', async () => {
    const { ports } = await by();
    const now = ports.clock.now();
    await ports.broadcasts.schedule({ id: 'b', startsAt: now, wanted: DAY, next: null });
    const lease = await ports.broadcasts.acquire('b', 'one', now, now + 15_000);
    if (!('epoch' in lease)) throw new Error('held');
    for (const state of ['doors', 'live'] as const) {
      await ports.broadcasts.change(lease, { state });
      expect(await playNow({ performance: DAY, inMs: 0 }, ports)).toEqual({
        refused: 'on air',
        broadcast: 'b',
      });
    }
  });
});
