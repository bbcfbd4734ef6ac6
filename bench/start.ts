/** How long a newcomer waits: from the address that a fresh start prints to the first sound of its first piece. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { parseFrame } from '../src/wire.ts';

const BIN = join(import.meta.dirname, '../bin/pianola.js');
/** A start that has not sounded by then is not waited for, milliseconds. */
const PATIENCE_MS = 240_000;

type Heard = {
  /** From the printed address, seconds: the first note is held by a page that has waited, and sounds. */
  readonly heldSeconds: number;
  readonly soundSeconds: number;
  /** Whether the whole was known by then. */
  readonly whole: boolean;
  readonly loadAverage: number;
};

/** Starts in an empty directory, `--repeats` times (3), pieces of `--minutes` (5, as `npm start` has them). */
export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    strict: false,
    options: { repeats: { type: 'string', default: '3' }, minutes: { type: 'string', default: '5' } },
  });
  const starts: Heard[] = [];
  for (let i = 0; i < Number(values.repeats); i++) starts.push(await oneStart(String(values.minutes)));
  const sorted = starts.map(({ soundSeconds }) => soundSeconds).sort((a, b) => a - b);
  return {
    minutes: Number(values.minutes),
    firstSoundSeconds: sorted[Math.floor(sorted.length / 2)],
    starts,
  };
}

async function oneStart(minutes: string): Promise<Heard> {
  const data = await mkdtemp(join(tmpdir(), 'pianola-first-'));
  const child = spawn(
    process.execPath,
    [BIN, 'start', '--port', '0', '--data', data, '--minutes', minutes, '--at', farFromNow()],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise((resolve) => child.on('close', resolve));
  try {
    const url = await addressOf(child.stderr);
    return await firstSound(url, performance.now());
  } finally {
    child.kill('SIGTERM');
    await gone;
    await rm(data, { recursive: true });
  }
}

/** Twelve hours away: no window is in the way of the first piece. */
const farFromNow = (): string => `${String((new Date().getHours() + 12) % 24).padStart(2, '0')}:00`;

function addressOf(said: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: said });
    lines.on('line', (line) => {
      const url = /is on (http:\S+)/.exec(line)?.[1];
      if (url) resolve(url);
    });
    lines.on('close', () => reject(new Error('the station ended before it printed its address')));
  });
}

/** Joins as a page does, and waits for the first note to be due by the station's own clock, which is this machine's. */
function firstSound(url: string, printedAt: number): Promise<Heard> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url });
  return new Promise<Heard>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('nothing sounded in four minutes')), PATIENCE_MS);
    let t0: number | null = null;
    let whole = false;
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"action":"join"}'));
    socket.on('message', (data) => {
      const frame = parseFrame(String(data));
      if (frame?.type === 'hello') {
        t0 = frame.t0;
        whole = frame.durationMs !== null;
      }
      const first = frame?.type === 'chunk' ? frame.notes[0] : undefined;
      if (!first || t0 === null) return;
      clearTimeout(late);
      const held = performance.now();
      const soundsAt = held + Math.max(0, t0 + first[0] - Date.now());
      const seconds = (at: number) => Math.round((at - printedAt) / 10) / 100;
      const loadAverage = Math.round(10 * loadavg()[0]!) / 10;
      resolve({ heldSeconds: seconds(held), soundSeconds: seconds(soundsAt), whole, loadAverage });
    });
  }).finally(() => socket.close());
}
