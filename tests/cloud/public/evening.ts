/** From an empty directory to an evening in public: the steps of docs/self-hosting.md, and what the world gets of it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMidiFile } from '../../../src/music/midi/file.ts';
import { BIN, pianola } from '../../support/cli.ts';
import { freePort } from '../../support/free-port.ts';
import { selfSigned } from './certificate.ts';
import { startNginx } from './nginx.ts';
import { published } from './published.ts';
import { addressOf, crowdOfOne, get, type Site, visit } from './visitor.ts';

/** Handshakes at a time: two cores make some hundred of them a second. */
const AT_ONCE = 10;
/** Connections of one address that a station takes (src/adapters/net/ws.ts), and more than that. */
const ONE_ADDRESS = { most: 64, asked: 70 };
/** The shortest piece; it is composed in some seconds, and takes less than a minute. */
const MINUTES = 0.5;
/** No step takes so long; longer means that it never ends. */
const PATIENCE_MS = 600_000;
const NAME = 'piano.example';
const PATH = '/piano/';

/** What must be there, by Debian's names; empty where all of it is. */
export const missing = (): string[] =>
  [
    ['nginx', '-v'],
    ['openssl', 'version'],
  ]
    .filter(([program, flag]) => spawnSync(program!, [flag!], { stdio: 'ignore' }).error !== undefined)
    .map(([program]) => program!);

/** Polls until something is there. @throws after PATIENCE_MS, naming what was waited for */
async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const since = Date.now(); Date.now() - since < PATIENCE_MS; await sleep(200)) {
    const found = await look();
    if (found !== null) return found;
  }
  throw new Error(`${what}: nothing in ${PATIENCE_MS / 1000} s`);
}

/** @param say is told each step as it is done */
export async function publicEvening(listeners: number, say: (text: string) => void) {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-public-'));
  const undo: (() => Promise<unknown> | unknown)[] = [];
  try {
    const pem = selfSigned(directory, NAME);
    const [port, station] = [await freePort(), await freePort()];
    const site: Site = { base: `https://${NAME}:${port}${PATH}`, certificate: await readFile(pem, 'utf8') };
    const data = join(directory, 'station');
    const init = await pianola([
      ...['init', '--data', data, '--url', site.base, '--port', String(station)],
      ...['--trust-proxy', '127.0.0.1', '--tz', 'UTC', '--json'],
    ]);
    if (init.code !== 0) throw new Error(`init: ${init.stderr}`);
    const conf = JSON.parse(init.stdout).config as string;
    say(`init wrote ${conf}`);

    const child = spawn(process.execPath, [BIN, 'start', '--data', data, '--minutes', String(MINUTES)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exit = new Promise<number | null>((done) => child.once('close', done));
    undo.push(() => child.kill('SIGKILL') && exit);
    const nginx = await startNginx(directory, {
      port,
      station,
      path: PATH,
      pem,
      crowd: listeners + ONE_ADDRESS.asked,
    });
    const nginxEnds = new Promise((done) => nginx.once('close', done));
    undo.push(() => nginx.kill() && nginxEnds);
    await until('the station behind nginx', async () => {
      if (child.exitCode !== null) throw new Error(`start ended with ${child.exitCode}`);
      const answer = await get(site, '').catch(() => null);
      return answer?.status === 200 ? answer : null;
    });
    say(`${site.base} answers`);

    const began = performance.now();
    const visitors = [];
    for (let from = 0; from < listeners; from += AT_ONCE) {
      const many = Array.from({ length: Math.min(AT_ONCE, listeners - from) }, (_, i) => addressOf(from + i));
      visitors.push(...(await Promise.all(many.map((address) => visit(site, address)))));
    }
    const joinSeconds = Math.round(performance.now() - began) / 1000;
    say(`${visitors.length} joined from as many addresses in ${joinSeconds} s`);
    const oneAddress = await crowdOfOne(site, '127.0.200.1', ONE_ADDRESS.asked);
    say(`${oneAddress.taken} of ${ONE_ADDRESS.asked} from one address that made up others`);

    await Promise.all(visitors.map(({ ended }) => ended));
    const heard = visitors.map((visitor) => visitor.heard());
    for (const visitor of visitors) visitor.leave();
    say(`the piece is over; ${heard[0]!.notes.length} notes were heard`);

    const seen = await until('the day in public', () => published(site));
    const file = readMidiFile(seen.midi);
    if (!('music' in file)) throw new Error(`the day's MIDI file cannot be read: ${JSON.stringify(file)}`);
    const { notes } = file.music;
    const composed = JSON.stringify(notes);
    child.kill('SIGTERM');
    const exitCode = await exit;
    const { midi: _, ...shown } = seen;
    return {
      listeners,
      joined: visitors.length,
      joinSeconds,
      oneAddress,
      notesComposed: notes.length,
      /** How many heard every note of it, each once and as it is written. */
      heardAll: heard.filter((each) => JSON.stringify(each.notes) === composed).length,
      contradictions: heard.reduce((sum, { contradictions }) => sum + contradictions, 0),
      ...shown,
      exitCode,
    };
  } finally {
    for (const step of undo.reverse()) await step();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
export type Figures = Awaited<ReturnType<typeof publicEvening>>;

/** What does not hold of an evening; empty where all does. */
export function faultsOf(seen: Figures): string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [seen.joined === seen.listeners, `${seen.joined} of ${seen.listeners} could join`],
    [
      seen.oneAddress.taken === ONE_ADDRESS.most &&
        seen.oneAddress.refused === ONE_ADDRESS.asked - ONE_ADDRESS.most,
      `one address that made up others had ${seen.oneAddress.taken} connections, not ${ONE_ADDRESS.most}`,
    ],
    [seen.notesComposed > 0, 'the piece has no notes'],
    [seen.heardAll === seen.listeners, `${seen.heardAll} of ${seen.listeners} heard all notes`],
    [seen.contradictions === 0, `${seen.contradictions} chunks were told in two ways`],
    ...seen.wrong.map((what) => [false, what] as const),
    [seen.exitCode === 0, `SIGTERM ended the station with ${seen.exitCode}`],
  ];
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}
