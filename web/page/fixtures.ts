import type { Music, Note } from '../../src/music/note.ts';
import { CHUNK_MS, timeline } from '../../src/music/timeline.ts';
import { weaveOf } from '../../src/music/weave.ts';
import {
  type Chunk,
  encodeFrame,
  type Hello,
  noteTupleOf,
  PROTOCOL,
  parseRequest,
  pedalTupleOf,
} from '../../src/wire.ts';
import type { Socket, SocketEvents } from '../listener/connection.ts';

/**
 * Every state of the page on request, for looking at and for tests: `/?state=live`. On this machine alone; elsewhere
 * the name is ignored. A fixture is a station in the page, which says what a real one would at that moment.
 */
const LENGTH_MS = 240_000;
/** The station's clock as the page opens, and its next performances: the same whenever one looks. */
const NOW = Date.parse('2026-11-21T15:00:00Z');
const TONIGHT = Date.parse('2026-11-21T20:00:00Z');
const TOMORROW = Date.parse('2026-11-22T20:00:00Z');
const PIECE = {
  broadcast: 'fixture',
  performance: '2026-11-21',
  title: 'Suite in D flat major',
  durationMs: LENGTH_MS,
} as const;

type Described = {
  /** Where the music stands as the page opens, ms from T0; null: no T0 is known. */
  readonly positionMs: number | null;
  readonly hello?: Partial<Hello>;
  /** "silent": the station never answers; "cut": it does once, and never again. */
  readonly line?: 'silent' | 'refused' | 'cut';
  readonly hasAudio?: false;
  /** Nothing has ever been played. */
  readonly never?: true;
};

const FIXTURES: Readonly<Record<string, Described>> = {
  loading: { positionMs: null, line: 'silent' },
  never: { positionMs: null, never: true },
  composing: {
    positionMs: null,
    never: true,
    hello: { composing: { part: 0.42, weave: weaveOf({ ...pieceOf(), durationMs: 2 * LENGTH_MS }) } },
  },
  waiting: { positionMs: null },
  doors: { positionMs: -175_000, hello: { ...PIECE, state: 'doors' } },
  leader: { positionMs: -45_000, hello: { ...PIECE, state: 'doors' } },
  start: { positionMs: -8_000, hello: { ...PIECE, state: 'doors' } },
  live: { positionMs: 45_000, hello: { ...PIECE, state: 'live' } },
  encore: { positionMs: 45_000, hello: { ...PIECE, state: 'live', encore: true } },
  closing: { positionMs: LENGTH_MS, hello: { ...PIECE, state: 'live' } },
  // Whoever joins at once has heard it, and may punch a hole as it closes.
  punch: { positionMs: LENGTH_MS - 7_000, hello: { ...PIECE, state: 'live' } },
  end: { positionMs: LENGTH_MS + 12_500, hello: { ...PIECE, state: 'ended' } },
  ended: { positionMs: LENGTH_MS + 60_000, hello: { ...PIECE, state: 'ended' } },
  silent: { positionMs: 0, hello: { broadcast: 'fixture', state: 'ended' } },
  stopped: { positionMs: 100_000, hello: { ...PIECE, state: 'stopped' } },
  offline: { positionMs: null, line: 'refused' },
  lost: { positionMs: 45_000, hello: { ...PIECE, state: 'live' }, line: 'cut' },
  outdated: { positionMs: null, hello: { protocol: PROTOCOL + 1 } },
  noaudio: { positionMs: 45_000, hello: { ...PIECE, state: 'live' }, hasAudio: false },
};
export const FIXTURE_NAMES = Object.keys(FIXTURES);

/** What stands in for the world around the page. */
export type Fixture = {
  readonly hasAudio: boolean;
  readonly open: (events: SocketEvents) => Socket;
  readonly fetch: (path: string) => Promise<unknown>;
  readonly music: (id: string) => Promise<Music>;
};

/** What the address asks for, by its name; null: there is no such state. */
export function fixtureOf(name: string): Fixture | null {
  if (!Object.hasOwn(FIXTURES, name)) return null;
  const described = FIXTURES[name]!;
  return {
    hasAudio: described.hasAudio !== false,
    open: fixtureSocket(described),
    fetch: fixtureFetch(described),
    // Every day of a fixture has the same music.
    music: async () => pieceOf(),
  };
}

/** A socket to a station that is not there. */
function fixtureSocket({ positionMs, hello, line }: Described): (events: SocketEvents) => Socket {
  const openedAt = performance.now();
  const serverNow = () => NOW + performance.now() - openedAt;
  const t0 = positionMs === null ? null : NOW - positionMs;
  const next = t0 === null ? TONIGHT : TOMORROW;
  let times = 0;
  return (events) => {
    times++;
    const later = (task: () => void) => setTimeout(task, 5);
    const say = (text: string) => later(() => events.message(text));
    if (line === 'refused' || (line === 'cut' && times > 1)) later(events.closed);
    else if (line !== 'silent') later(events.opened);
    const send = (text: string) => {
      const request = parseRequest(text);
      const at = serverNow();
      if (request?.action === 'ping') {
        say(encodeFrame({ type: 'pong', id: request.id, receivedAt: at, sentAt: at }));
        return;
      }
      if (request?.action === 'punch') {
        say(encodeFrame({ type: 'margin', broadcast: request.broadcast, outcome: 'punched', holes: 17 }));
        return;
      }
      say(encodeFrame({ ...HELLO, t0, serverNow: at, next, ...hello }));
      if (hello?.durationMs) say(encodeFrame(wholeOf()));
      if (line === 'cut') setTimeout(events.closed, 400);
    };
    return { send, close() {} };
  };
}

const HELLO: Hello = {
  type: 'hello',
  protocol: PROTOCOL,
  broadcast: null,
  state: 'scheduled',
  performance: null,
  title: null,
  encore: false,
  epoch: 1,
  t0: null,
  durationMs: null,
  serverNow: 0,
  next: null,
};

const played = (day: string) => Date.parse(`2026-11-${day}T20:00:00Z`);

/** What is public around a fixture: the days, the newest one's record, the station's zone. */
const fixtureFetch =
  (fixture: Described) =>
  async (path: string): Promise<unknown> => {
    if (path === '/schedule.json') return { broadcasts: [{ startsAt: 0, timeZone: 'Europe/London' }] };
    if (path.endsWith('/record.json')) return RECORD;
    if (fixture.never) return { performances: [] };
    const { notes, pedal } = pieceOf();
    // Of each day another transposition; the 18th was silent, the 17th unheard.
    const days = [
      '16',
      '17',
      '19',
      '20',
      ...(fixture.hello?.state === 'ended' && fixture.hello.performance ? ['21'] : []),
    ];
    const performances = days.map((day, i) => {
      const turned = notes.map((note) => ({ ...note, pitch: 36 + ((note.pitch * (i + 2)) % 54) }));
      return {
        id: `2026-11-${day}`,
        title: day === '21' ? PIECE.title : TITLES[i % TITLES.length],
        durationMs: LENGTH_MS,
        notes: notes.length,
        weave: weaveOf({ notes: turned, pedal, durationMs: LENGTH_MS }),
        heard: day === '17' ? 0 : 9 + i,
        playedAt: played(day),
      };
    });
    return { performances };
  };

const TITLES = [
  'Prelude in G major',
  'Nocturne in E minor',
  'Suite in A minor',
  'Two pieces in B flat major',
];
const RECORD = {
  seed: 20_261_120,
  modelSha256: '0123456789abcdef',
  notes: 1_184,
  heard: 12,
  costUsd: 0,
  licences: { music: 'CC-BY-4.0' },
  movements: [
    { startMs: 0, title: 'Calm and full' },
    { startMs: 96_000, title: 'Flowing, high' },
    { startMs: 168_000, title: 'Still' },
  ],
};

/** A melody in waves over slow chords, with pedal. */
function pieceOf(): Music {
  const notes: Note[] = [];
  for (let i = 0; i * 300 < LENGTH_MS - 2_000; i++) {
    const onsetMs = i * 300 + ((i * 37) % 60);
    const wave = Math.sin(i / 9) * 9 + Math.sin(i / 31) * 7;
    notes.push({
      onsetMs,
      durationMs: 180 + ((i * 53) % 500),
      pitch: Math.round(67 + wave),
      velocity: 45 + ((i * 29) % 50),
    });
    if (i % 8 === 0) {
      for (const pitch of [36, 43, 52])
        notes.push({ onsetMs, durationMs: 2_000, pitch: pitch + ((i / 8) % 5), velocity: 50 });
    }
  }
  const pedal = Array.from({ length: 60 }, (_, i) => ({ ms: i * 2_000, value: i % 2 === 0 ? 100 : 0 }));
  return { notes, pedal, durationMs: LENGTH_MS };
}

/** All of it in one frame. */
function wholeOf(): Chunk {
  const all = timeline(pieceOf());
  const count = Math.ceil(LENGTH_MS / CHUNK_MS);
  const stretch = all.stretch(0, count);
  return {
    type: 'chunk',
    seq: 0,
    count,
    broadcast: PIECE.broadcast,
    epoch: 1,
    fromMs: 0,
    toMs: stretch.toMs,
    here: 14,
    state: { sounding: [], pedal: 0 },
    notes: stretch.notes.map(noteTupleOf),
    pedal: stretch.pedal.map(pedalTupleOf),
    form: [
      [0, 1, 1, 'begins'],
      [36_000, 1, 17, 'leaves'],
      [48_500, 1, 25, 'returns'],
      [120_000, 2, 1, 'begins'],
    ],
  };
}
