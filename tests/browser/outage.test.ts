import { expect } from '@jest/globals';
import { toMusic } from '../../src/music/note.ts';
import { parseFrame } from '../../src/wire.ts';
import { judge } from './judge.ts';
import { proxyTo } from './proxy.ts';
import { record, samplesReady, struckBy } from './recorder.ts';
import { playAt, testStation } from './station.ts';
import { witnessed } from './witness/witnessed.ts';

/** Longer than the 120 s of lead by two chunks, so that something is posted, and missed, while the wire is cut. */
const LENGTH_MS = 149_000;
const MUSIC = toMusic(
  Array.from({ length: LENGTH_MS / 200 }, (_, i) => ({
    onsetMs: i * 200,
    durationMs: 150,
    pitch: 40 + ((i * 7) % 45),
    velocity: 40 + (i % 50),
  })),
);
const CUT_MS = 6_000;
const OUTAGE_MS = 20_000;
/** Chunk 9 begins at 135 s and is posted at 15 s, in the middle of the outage. */
const MISSED_SEQ = 9;

const test = witnessed();

const until = (instant: number) => new Promise((resolve) => setTimeout(resolve, instant - Date.now()));

test('a page cut off for 20 s plays on and resumes: no note is missed, none is doubled', async ({
  newPage,
}) => {
  const station = await testStation(MUSIC);
  const wire = await proxyTo(station.port);
  try {
    const page = await newPage();
    await record(page, 0);
    const chunks: number[] = [];
    let sockets = 0;
    page.on('websocket', (socket) => {
      sockets++;
      socket.on('framereceived', ({ payload }) => {
        const frame = parseFrame(String(payload));
        if (frame?.type === 'chunk') for (let i = 0; i < frame.count; i++) chunks.push(frame.seq + i);
      });
    });
    await page.goto(wire.url);
    await samplesReady(page);
    const t0 = Date.now() + 3_000;
    playAt(station, t0);
    await page.click('#join');

    await until(t0 + CUT_MS);
    wire.cut();
    await page.waitForFunction(() =>
      document.getElementById('status')?.textContent?.startsWith('Connection lost'),
    );
    await until(t0 + CUT_MS + OUTAGE_MS);
    expect(chunks).not.toContain(MISSED_SEQ);
    const playedInOutage = judge(await struckBy(page), MUSIC.notes, t0, 0, CUT_MS + OUTAGE_MS);
    wire.mend();
    await page.waitForFunction(() => document.getElementById('line')?.dataset.connection === 'open', null, {
      timeout: 20_000,
    });
    const backMs = Date.now() - t0;
    await until(t0 + backMs + 6_000);

    expect(playedInOutage.problems).toEqual([]);
    expect(judge(await struckBy(page), MUSIC.notes, t0, 0, backMs + 5_500).problems).toEqual([]);
    // What was posted while nobody could hear it has been asked for, and came once.
    expect(sockets).toBeGreaterThanOrEqual(2);
    expect(chunks.filter((seq) => seq === MISSED_SEQ)).toHaveLength(1);
    expect(new Set(chunks).size).toBe(10);
  } finally {
    wire.close();
    await station.end();
  }
});
