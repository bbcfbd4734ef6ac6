/** A real local station that is killed in mid-performance, and what listeners made of the page's own code hear of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { Music } from '../../src/music/note.ts';
import { dateIn } from '../../src/schedule/index.ts';
import { LOOK_AHEAD_MS } from '../../web/score/scheduler.ts';
import { BIN } from './cli.ts';
import { withStores } from './data.ts';
import { ears, strokeOf } from './ears.ts';
import { freePort } from './free-port.ts';
import { stored } from './music.ts';

type Event = { readonly event: string; readonly at: number; readonly epoch?: number };

export type KilledStation = Awaited<ReturnType<typeof killedStation>>;

/** @param music today's performance, which a station without windows plays first */
export async function killedStation(music: Music, listeners = 5) {
  const data = await mkdtemp(join(tmpdir(), 'pianola-killed-'));
  const today = dateIn('UTC', Date.now());
  await withStores(data, ({ performances }) => performances.create(stored(today, music)));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let events: Event[] = [];
  let child: ChildProcess;
  let gone: Promise<void>;
  const start = () => {
    const args = ['start', '--json', '--tz', 'UTC', '--at', farAway(), '--port', `${port}`, '--data', data];
    events = [];
    child = spawn(process.execPath, [BIN, ...args], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const heard = events;
    createInterface(child.stdout!).on('line', (line) => heard.push(JSON.parse(line) as Event));
    gone = new Promise((resolve) => child.once('exit', () => resolve()));
  };
  const until = async (name: string): Promise<Event> => {
    for (;;) {
      const found = events.find(({ event }) => event === name);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`the station ended with ${child.exitCode} before ${name}`);
      await sleep(20);
    }
  };
  start();
  await until('station.started');
  const pages = Array.from({ length: listeners }, () =>
    ears(() => new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url })),
  );
  await until('broadcast.starts');
  return {
    data,
    today,
    until,
    pages,
    /** Kills it and starts it again; seconds from its being up until it plays on, and the epoch in which it does. */
    async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<{ resumeSeconds: number; epoch: number }> {
      child.kill(signal);
      await gone;
      start();
      const up = await until('station.started');
      const leased = await until('broadcast.leased');
      return { resumeSeconds: Math.max(0, (leased.at - up.at) / 1000), epoch: leased.epoch ?? 0 };
    },
    /** Of the notes that all listeners should have been given by now. */
    heard(): { missedNotes: number; doubledNotes: number } {
      const counts = { missedNotes: 0, doubledNotes: 0 };
      for (const { page, struck } of pages) {
        const due = music.notes.filter(({ onsetMs }) => onsetMs < (page.position() ?? 0) + LOOK_AHEAD_MS / 2);
        for (const note of due) if (!struck.has(strokeOf(note))) counts.missedNotes++;
        for (const times of struck.values()) counts.doubledNotes += times - 1;
      }
      return counts;
    },
    async close() {
      for (const { close } of pages) close();
      child.kill('SIGTERM');
      await gone;
      await rm(data, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A time of day that does not come while this runs. */
const farAway = (): string => `${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:00`;
