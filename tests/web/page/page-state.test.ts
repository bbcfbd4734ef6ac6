import { expect, test } from '@jest/globals';
import { type Hello, PROTOCOL } from '../../../src/wire.ts';
import { type Facts, pageState } from '../../../web/page/page-state.ts';

const NOW = Date.parse('2026-11-21T18:00:00Z');
const HELLO: Hello = {
  type: 'hello',
  protocol: PROTOCOL,
  broadcast: 'b',
  state: 'scheduled',
  performance: null,
  title: null,
  encore: false,
  epoch: 0,
  t0: null,
  durationMs: null,
  serverNow: NOW,
  next: NOW + 3_600_000,
};
const PIECE = { performance: '2026-11-21', t0: NOW, durationMs: 300_000 } as const;
const facts = (hello: Partial<Hello> | null, other: Partial<Facts> = {}): Facts => ({
  hello: hello && { ...HELLO, ...hello },
  connection: 'open',
  outdated: false,
  serverNow: NOW,
  position: null,
  inHandMs: 0,
  here: null,
  caption: null,
  colophon: null,
  joined: false,
  hasAudio: true,
  timeZone: 'Europe/Berlin',
  ...other,
});

test('before the server has spoken the page says that it connects, or cannot', () => {
  expect(pageState(facts(null))).toMatchObject({ name: 'loading', status: 'Connecting.' });
  expect(pageState(facts(null, { connection: 'lost' }))).toMatchObject({
    name: 'offline',
    title: 'Out of reach',
  });
});

test('waiting: when, in whose time, how long', () => {
  expect(pageState(facts({}))).toMatchObject({
    name: 'waiting',
    title: 'Tonight 20:00',
    subtitle: 'your time (19:00 UTC)',
    countdown: 'in 1 h 0 min',
    canJoin: true,
  });
  expect(pageState(facts({}, { stationZone: 'America/New_York' })).subtitle).toBe(
    'your time (14:00 in New York)',
  );
  expect(pageState(facts({ next: null })).title).toBe('Nothing planned');
});

test('doors count down to T0, and the music begins by the clock even if the server’s word is late', () => {
  const doors = { ...PIECE, state: 'doors' } as const;
  expect(pageState(facts(doors, { position: -61_000 }))).toMatchObject({ name: 'doors', countdown: '1:01' });
  // In the last minute the title appears on the leader.
  expect(pageState(facts(doors, { position: -59_000 }))).toMatchObject({
    name: 'leader',
    title: '21 November 2026',
    countdown: '0:59',
  });
  // In the last ten seconds the digits vanish: blank paper begins to move.
  expect(pageState(facts(doors, { position: -9_999 }))).toMatchObject({
    name: 'start',
    countdown: '',
    canJoin: true,
  });
  expect(pageState(facts(doors, { position: 0 }))).toMatchObject({ name: 'live', elapsed: '0:00 / 5:00' });
});

test('the title is told by the leader, in the last minute, and from then on', () => {
  const doors = { ...PIECE, title: 'Suite in A minor', state: 'doors' } as const;
  expect(pageState(facts(doors, { position: -60_001 })).title).toBe('21 November 2026');
  expect(pageState(facts(doors, { position: -60_000 }))).toMatchObject({
    title: 'Suite in A minor',
    kicker: '21 November 2026',
  });
  expect(pageState(facts(doors, { position: -5_000 })).title).toBe('Suite in A minor');
  expect(pageState(facts({ ...doors, state: 'live' }, { position: 5_000 })).title).toBe('Suite in A minor');
  // One that only says the date again is none.
  for (const title of ['2026-11-21', 'Pianola 2026-11-21', '', null])
    expect(pageState(facts({ ...doors, title }, { position: -30_000 })).title).toBe('21 November 2026');
});

test('live: elapsed of the whole, and nothing counts beyond the end', () => {
  const live = { ...PIECE, state: 'live' } as const;
  expect(pageState(facts(live, { position: 83_000, here: 14, joined: true }))).toMatchObject({
    name: 'live',
    title: '21 November 2026',
    elapsed: '1:23 / 5:00',
    status: 'You are hearing it live. 14 listeners.',
  });
  expect(pageState(facts(live, { position: 400_000 })).elapsed).toBe('5:00 / 5:00');
});

test('a joined listener is told of the music in words, once there was some', () => {
  const live = { ...PIECE, state: 'live' } as const;
  const caption = 'Sparse, low, soft, two voices.';
  expect(pageState(facts(live, { position: 30_000, caption, joined: true })).status).toBe(caption);
  expect(pageState(facts(live, { position: 30_000, caption })).status).toMatch(/^It is playing now/);
});

test('after the last note twelve seconds of blank paper, whenever the server says that it is over', () => {
  for (const state of ['live', 'ended'] as const) {
    expect(pageState(facts({ ...PIECE, state }, { position: 300_000 })).name).toBe('closing');
    expect(pageState(facts({ ...PIECE, state }, { position: 311_999 })).name).toBe('closing');
  }
});

test('then the whole roll for six seconds, and from then on its place among the days, and what comes', () => {
  const ended = { ...PIECE, title: 'Suite in A minor', state: 'ended' } as const;
  for (const position of [312_000, 317_999]) {
    expect(pageState(facts(ended, { position }))).toMatchObject({
      name: 'end',
      title: 'End',
      subtitle: 'Suite in A minor',
      countdown: '',
      status: '',
    });
  }
  expect(pageState(facts(ended, { position: 318_000 }))).toMatchObject({
    name: 'ended',
    kicker: 'Suite in A minor, 21 November 2026',
    title: 'Tonight 20:00',
    // The same day again.
    subtitle: 'your time (19:00 UTC).',
    countdown: 'in 1 h 0 min',
  });
  const tomorrow = { ...ended, next: NOW + 25 * 3_600_000 };
  expect(pageState(facts(tomorrow, { position: 318_000 }))).toMatchObject({
    title: 'Tomorrow 20:00',
    subtitle: 'Begins where this ended; your time (19:00 UTC).',
    countdown: 'in 25 h 0 min',
  });
  // By the station's date, which may be the visitor's yesterday.
  const late = { ...ended, next: Date.parse('2026-11-22T05:00:00Z') };
  const inNewYork = { position: 318_000, stationZone: 'America/New_York' };
  expect(pageState(facts(late, inNewYork)).subtitle).toMatch(/^Begins/);
  expect(pageState(facts({ ...late, next: late.next - 1 }, inNewYork)).subtitle).toMatch(/^your time/);
  expect(pageState(facts({ ...ended, next: null }, { position: 318_000 }))).toMatchObject({
    title: 'End',
    subtitle: 'The station has no coming performance.',
  });
});

test('an encore is never passed off as new', () => {
  const encore = { ...PIECE, encore: true, state: 'doors' } as const;
  expect(pageState(facts(encore, { position: -70_000 }))).toMatchObject({
    kicker: 'Encore',
    subtitle: 'Played before; there is no new piece today.',
  });
  expect(pageState(facts({ ...encore, state: 'live' }, { position: 1_000 })).kicker).toBe(
    'Encore of 21 November 2026',
  );
});

test('a notice goes before all that the status has to say, but for a reload', () => {
  const live = { ...PIECE, state: 'live' } as const;
  const notice = 'No MIDI instrument is connected.';
  expect(pageState(facts(live, { position: 1, notice, joined: true })).status).toBe(notice);
  expect(pageState(facts(live, { notice, outdated: true })).status).toBe('Reload the page to go on.');
});

test('ended, stopped and silent days each say what happened, and when it goes on', () => {
  const next = 'Next: Tonight 20:00, your time (19:00 UTC).';
  const colophon = '9 notes, from seed 7.';
  expect(pageState(facts({ ...PIECE, state: 'ended' }, { colophon })).status).toBe(colophon);
  expect(pageState(facts({ ...PIECE, state: 'stopped' }))).toMatchObject({
    name: 'stopped',
    title: 'Stopped',
    subtitle: `The performance was ended early. ${next}`,
  });
  expect(pageState(facts({ state: 'ended' }))).toMatchObject({
    name: 'silent',
    title: 'A silent day',
    subtitle: `No piece was composed, and none is passed off as new. ${next}`,
    canJoin: false,
  });
});

test('a lost connection is told, and that the music goes on while there is some', () => {
  const live = { ...PIECE, state: 'live' } as const;
  const lost = { connection: 'lost', position: 1_000, joined: true } as const;
  expect(pageState(facts(live, { ...lost, inHandMs: 90_000 })).status).toBe(
    'Connection lost. Playing on from what has arrived; trying to reconnect.',
  );
  expect(pageState(facts(live, lost)).status).toBe('Connection lost. Trying to reconnect.');
});

test('without Web Audio there is nothing to join, and the page says why', () => {
  const state = pageState(facts({ ...PIECE, state: 'live' }, { position: 1, hasAudio: false }));
  expect(state.canJoin).toBe(false);
  expect(state.status).toContain('no Web Audio');
});

test('another protocol offers a reload, whatever else is known', () => {
  expect(pageState(facts({ ...PIECE, state: 'live' }, { outdated: true }))).toMatchObject({
    name: 'outdated',
    status: 'Reload the page to go on.',
  });
});
