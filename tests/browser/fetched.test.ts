/** A crowd comes and goes, and the music comes by another way: what a page plays shows nothing of it. */
import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { toMusic } from '../../src/music/note.ts';
import { parseFrame } from '../../src/wire.ts';
import { record, samplesReady, struckBy } from './recorder.ts';
import { playAt, testStation } from './station.ts';
import { aBrowser } from './suite.ts';

/** Longer than what is told ahead: what comes by the other way is heard from 120 s on. */
const LENGTH_MS = 134_000;
const HEARD_TO_MS = 132_000;
/** Between two notes. */
const STEP_MS = 200;
const MUSIC = toMusic(
  Array.from({ length: LENGTH_MS / STEP_MS }, (_, i) => ({
    onsetMs: i * STEP_MS,
    durationMs: 150,
    pitch: 40 + ((i * 7) % 45),
    velocity: 40 + (i % 50),
  })),
);
/** With more than three listeners music is fetched, with fewer than one and a half it is posted. */
const ABOVE = 3;
/** From now to T0: a crowd is counted every five seconds, and a file is written twenty before it is due. */
const BEFORE_MS = 60_000;

const browser = aBrowser();
const until = (instant: number) => new Promise((resolve) => setTimeout(resolve, instant - Date.now()));

/** Listeners who are there, and nothing more. */
function crowdAt(url: string): { leave(): void } {
  const sockets = Array.from({ length: ABOVE }, () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url });
    socket.on('open', () => socket.send('{"action":"join"}'));
    return socket;
  });
  return {
    leave() {
      for (const socket of sockets) socket.close();
    },
  };
}

/** A page that listens from before T0 on: chunks that were posted to it, files that it has fetched, and which notes it played not at all or twice. */
async function evening(comesMs: number, leavesMs: number) {
  const station = await testStation(MUSIC, undefined, undefined, false, ABOVE);
  try {
    const page = await browser().newPage();
    await record(page, 0);
    const posted = new Set<number>();
    const fetched: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const frame = parseFrame(String(payload));
        if (frame?.type === 'chunk') for (let i = 0; i < frame.count; i++) posted.add(frame.seq + i);
      }),
    );
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith('/live/')) fetched.push(`${response.status()} ${pathname.split('/').at(-1)}`);
    });
    await page.goto(station.url);
    await samplesReady(page);
    const t0 = Date.now() + BEFORE_MS;
    const crowd = until(t0 + comesMs).then(() => crowdAt(station.url));
    // A crowd that is there before the doors is counted as they open.
    if (comesMs === -BEFORE_MS) await crowd.then(() => until(Date.now() + 1_000));
    playAt(station, t0);
    await page.click('#join');
    await until(t0 + leavesMs);
    (await crowd).leave();
    await until(t0 + HEARD_TO_MS + 500);
    // To the nearest note: how exactly each is placed is another test's, which looks whether the machine stood still.
    const times = new Uint8Array(HEARD_TO_MS / STEP_MS);
    for (const { attackAt } of await struckBy(page)) {
      const nearest = Math.round((attackAt - t0) / STEP_MS);
      if (nearest >= 0 && nearest < times.length) times[nearest]!++;
    }
    const missing = [...times.keys()].filter((i) => times[i] === 0);
    const doubled = [...times.keys()].filter((i) => times[i]! > 1);
    return { posted: [...posted].sort((a, b) => a - b), fetched, missing, doubled };
  } finally {
    await station.end();
  }
}

test('a page that was posted to and then fetches, and one that fetched and is then posted to, play every note once, with no gap', async () => {
  const [comes, goes] = await Promise.all([evening(-50_000, 10_000), evening(-BEFORE_MS, -40_000)]);
  expect(comes).toEqual({
    posted: [0, 1, 2, 3, 4, 5, 6, 7],
    fetched: ['200 8.json'],
    missing: [],
    doubled: [],
  });
  expect(goes).toEqual({ posted: [8], fetched: ['200 0.json'], missing: [], doubled: [] });
}, 400_000);
