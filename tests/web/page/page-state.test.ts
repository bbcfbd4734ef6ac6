import { expect, test } from '@jest/globals';
import { type Hello, PROTOCOL } from '../../../src/wire.ts';
import { lineText } from '../../../web/page/line.ts';
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
  hasNotes: true,
  inHandMs: 0,
  here: null,
  caption: null,
  last: null,
  joined: false,
  hasAudio: true,
  hasKeys: true,
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

const LAST = {
  id: '2026-11-20',
  title: 'Rain',
  durationMs: 181_000,
  heard: 14,
  playedAt: NOW - 23 * 3_600_000,
} as const;
const TONIGHT = { title: 'Tonight 20:00', zone: 'your time (19:00 UTC)', countdown: 'in 1 h 0 min' };

test('waiting: what was played last, and when the next is, in whose time, how long', () => {
  expect(pageState(facts({}, { last: LAST }))).toMatchObject({
    name: 'waiting',
    kicker: 'Played last',
    title: 'Rain',
    subtitle: 'Friday 20 November, 20:00, 3:01, heard by 14',
    hear: 'Hear last night’s, 3:01',
    will: TONIGHT,
    join: 'Be there at 20:00',
    canJoin: true,
    tab: 'Tonight 20:00 · Pianola',
  });
  expect(pageState(facts({}, { stationZone: 'America/New_York' })).will?.zone).toBe(
    'your time (14:00 in New York)',
  );
  expect(pageState(facts({ next: null }))).toMatchObject({
    will: null,
    status: 'The station has no coming performance.',
    join: 'Be there when it begins',
  });
});

test('who is in is told so, and the tab counts', () => {
  expect(pageState(facts({}, { last: LAST, joined: true }))).toMatchObject({
    status: 'You will be there: sound is on, and this page waits. Keep it open.',
    tab: 'in 1 h 0 min: Tonight 20:00 · Pianola',
  });
});

test('on a station that has never played the paper is blank, and the first piece is seen as it is composed', () => {
  expect(pageState(facts({}))).toMatchObject({ title: 'Nothing played yet', hear: '', will: TONIGHT });
  const composing = { part: 0.427, weave: '' };
  expect(pageState(facts({ composing }))).toMatchObject({
    name: 'composing',
    kicker: 'The first piece',
    title: 'Being composed',
    countdown: '42 %',
    will: null,
    join: 'Be there when it begins',
    tab: '42 % composed · Pianola',
  });
  // Beside the last one it is news.
  expect(pageState(facts({ composing }, { last: LAST }))).toMatchObject({
    title: 'Rain',
    hear: 'Hear last night’s, 3:01',
    status:
      'Today’s piece is being composed, 4 tenths so far. It begins as soon as its first movement is there.',
  });
});

test('while something plays for everybody, nothing is told of what was or will be', () => {
  for (const state of ['doors', 'live'] as const)
    expect(pageState(facts({ ...PIECE, state }, { position: 5_000, last: LAST }))).toMatchObject({
      hear: '',
      will: null,
      join: 'Join',
    });
});

test('the tab tells every state', () => {
  const tab = (hello: Partial<Hello> | null, other: Partial<Facts> = {}) =>
    pageState(facts(hello, other)).tab;
  expect(tab(null)).toBe('Pianola');
  expect(tab(null, { connection: 'lost' })).toBe('Out of reach · Pianola');
  expect(tab({}, { outdated: true })).toBe('A new edition · Pianola');
  const doors = { ...PIECE, title: 'Rain', state: 'doors' } as const;
  expect(tab(doors, { position: -272_000 })).toBe('4:32 until it begins · Pianola');
  expect(tab(doors, { position: -32_000 })).toBe('0:32 until it begins · Pianola');
  expect(tab(doors, { position: -5_000 })).toBe('In a moment · Pianola');
  expect(tab({ ...doors, state: 'live' }, { position: 5_000 })).toBe('Live: Rain · Pianola');
  expect(tab({ ...doors, state: 'live', encore: true }, { position: 5_000 })).toBe('Encore: Rain · Pianola');
  expect(tab({ ...doors, state: 'ended' }, { position: 305_000 })).toBe('The end · Pianola');
  expect(tab({ ...doors, state: 'ended' }, { position: 999_000 })).toBe('Tonight 20:00 · Pianola');
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

test('doors say that the piece is composed only when the whole of it is', () => {
  const doors = { ...PIECE, state: 'doors' } as const;
  const told = (hello: Partial<Hello>) => pageState(facts(hello, { position: -61_000 })).subtitle;
  expect([
    told(doors),
    told({ ...doors, durationMs: null }),
    told({ ...doors, performance: null, durationMs: null }),
  ]).toEqual(['Composed for today.', '', '']);
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
    status: 'You are hearing it live, with 13 others.',
  });
  expect(pageState(facts(live, { position: 400_000 })).elapsed).toBe('5:00 / 5:00');
});

test('nobody counts themselves, and keys are named where there are some', () => {
  const status = (other: Partial<Facts>) =>
    pageState(facts({ ...PIECE, state: 'live' }, { position: 1_000, ...other })).status;
  expect(status({ here: 1, joined: true })).toBe('You are hearing it live.');
  expect(status({ here: 2, joined: true })).toBe('You are hearing it live, with one other.');
  expect(status({ here: 1 })).toBe('It is playing now. Press Space or Join to hear it.');
  expect(status({ here: 14, hasKeys: false })).toBe(
    'It is playing now, to 13 others. Press Join to hear it.',
  );
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

test('who comes after the last note, and has no roll of it, finds the last roll that is public, at once', () => {
  for (const state of ['live', 'ended'] as const) {
    for (const position of [300_000, 312_000, 318_000]) {
      const page = pageState(facts({ ...PIECE, state }, { position, hasNotes: false, last: LAST }));
      expect([state, position, page.name, page.kicker]).toEqual([state, position, 'ended', 'Played last']);
    }
  }
  // In mid-music its chunks are on their way.
  expect(pageState(facts({ ...PIECE, state: 'live' }, { position: 299_999, hasNotes: false })).name).toBe(
    'live',
  );
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
  // Till it is published, it is nothing that may be heard.
  expect(pageState(facts(ended, { position: 318_000 }))).toMatchObject({
    name: 'ended',
    hear: '',
    will: TONIGHT,
  });
  const last = { ...LAST, id: '2026-11-21', title: 'Suite in A minor', playedAt: NOW };
  expect(pageState(facts(ended, { position: 318_000, last }))).toMatchObject({
    name: 'ended',
    kicker: 'Played last',
    title: 'Suite in A minor',
    hear: 'Hear tonight’s, 3:01',
    canJoin: true,
  });
  const tomorrow = { ...ended, next: NOW + 25 * 3_600_000 };
  expect(pageState(facts(tomorrow, { position: 318_000, last }))).toMatchObject({
    will: { title: 'Tomorrow 20:00', zone: 'your time (19:00 UTC)', countdown: 'in 25 h 0 min' },
    join: 'Be there tomorrow at 20:00',
  });
  expect(pageState(facts({ ...ended, next: null }, { position: 318_000 }))).toMatchObject({
    title: 'End',
    will: null,
    status: 'The station has no coming performance.',
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

test('stopped and silent days say what happened, offer what was, and one may be in for the next', () => {
  for (const other of [{}, { last: LAST }]) {
    expect(pageState(facts({ ...PIECE, state: 'stopped' }, other))).toMatchObject({
      name: 'stopped',
      status: 'The performance was ended early.',
      will: TONIGHT,
      canJoin: true,
    });
    expect(pageState(facts({ state: 'ended' }, other))).toMatchObject({
      name: 'silent',
      status: 'A silent day: no piece was composed, and none is passed off as new.',
      will: TONIGHT,
      canJoin: true,
    });
  }
  expect(pageState(facts({ state: 'ended' }, { last: LAST }))).toMatchObject({
    kicker: 'Played last',
    hear: 'Hear last night’s, 3:01',
  });
  expect(pageState(facts(null, { connection: 'lost', last: LAST })).hear).toBe('Hear last night’s, 3:01');
});

test('a lost connection is told, and that the music goes on while there is some', () => {
  const live = { ...PIECE, state: 'live' } as const;
  const lost = { connection: 'lost', position: 1_000, joined: true } as const;
  expect(pageState(facts(live, { ...lost, inHandMs: 90_000 })).status).toBe(
    'Connection lost. Playing on from what has arrived; trying to reconnect.',
  );
  expect(pageState(facts(live, lost)).status).toBe('Connection lost. Trying to reconnect.');
});

test('a station that said that it will be back is told of as such, from the first screen on', () => {
  const live = { ...PIECE, state: 'live' } as const;
  const restarting = { connection: 'restarting', position: 1_000, joined: true } as const;
  expect(pageState(facts(live, { ...restarting, inHandMs: 90_000 })).status).toBe(
    'The station restarts and will be back. Playing on from what has arrived.',
  );
  expect(pageState(facts(live, restarting)).status).toBe('The station restarts and will be back.');
  expect(pageState(facts(null, { connection: 'restarting' })).name).toBe('offline');
  expect(lineText('restarting', { uncertaintyMs: 3, otherUncertaintyMs: null }, 2)).toBe(
    'The station restarts',
  );
});

test('the foot of the page says how well it is in time, by the pings and by the site’s clock', () => {
  const said = (uncertaintyMs: number | null, otherUncertaintyMs: number | null) =>
    lineText('open', { uncertaintyMs, otherUncertaintyMs }, null);
  expect(said(null, null)).toBe('Connected, not in time yet');
  expect(said(22.1, null)).toBe('Connected, in time to 23 ms');
  expect(said(22.1, 3.5)).toBe('Connected, in time to 23 ms (by the site’s clock to 4 ms)');
  expect(said(0.4, 1)).toBe('Connected, in time to a millisecond (by the site’s clock to 1 ms)');
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
