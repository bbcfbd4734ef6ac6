/** The proxies of docs/self-hosting.md, as they stand there, in front of a real station; `npm run test:cloud` runs them. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { stationProcess } from '../support/station-process.ts';
import { selfSigned } from './public/certificate.ts';
import { block } from './public/documented.ts';
import { addressOf, get, type Site, visit } from './public/visitor.ts';

/** Set by `npm run test:cloud` to those that are there. */
const HERE = new Set((process.env.PIANOLA_PROXIES ?? '').split(',').filter(Boolean));
const on = (program: string) => (HERE.has(program) ? test : test.skip);

/** More than one address may have. */
const LISTENERS = 100;
const NAME = 'piano.example';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-proxies-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** As soon as the proxy listens. */
async function answered(site: Site): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await get(site, '').catch(() => null);
    if (answer?.status === 200) return String(answer.body);
    await sleep(100);
  }
  throw new Error(`${site.base} does not answer`);
}

/** A station behind a proxy that `begin` starts is what its visitors' address says, for a crowd. */
async function behind(
  begin: (at: { proxy: number; station: number; pem: string }) => Promise<ChildProcess>,
): Promise<void> {
  const port = await freePort();
  const pem = selfSigned(directory, NAME);
  const site = { base: `https://${NAME}:${port}/`, certificate: await readFile(pem, 'utf8') };
  const station = await stationProcess({ args: ['--url', site.base, '--trust-proxy', '127.0.0.1'] });
  const proxy = await begin({ proxy: port, station: station.port, pem });
  try {
    const first = await answered(site);
    expect(first).toContain(`<link rel="canonical" href="${site.base}"`);
    expect(first).toContain(`<meta property="og:image" content="${site.base}share.png"`);
    const crowd = await Promise.all(Array.from({ length: LISTENERS }, (_, i) => visit(site, addressOf(i))));
    for (const visitor of crowd) visitor.leave();
  } finally {
    proxy.kill();
    await station.end();
  }
}

on('nginx')(
  'nginx, below a path of its site: 500 listeners of as many addresses hear an evening to its end, and what is published names the public address alone',
  async () => {
    const script = ['--import', 'tsx', 'tests/cloud/public/run.ts', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, script, {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({
      ...{ listeners: 500, joined: 500, heardAll: 500, contradictions: 0 },
      oneAddress: { taken: 64, refused: 6 },
      ...{ feedItems: 1, exitCode: 0, wrong: [], faults: [] },
    });
    expect(seen.cards).toHaveLength(3);
  },
);

on('caddy')('Caddy', () =>
  behind(async ({ proxy, station, pem }) => {
    const site = (await block('caddyfile'))
      .replace('piano.example {', `https://${NAME}:${proxy} {\n    tls ${pem} ${pem}`)
      .replace('127.0.0.1:8080', `127.0.0.1:${station}`);
    const file = join(directory, 'Caddyfile');
    await writeFile(file, `{\n    admin off\n    auto_https off\n    default_bind 127.0.0.1\n}\n${site}`);
    return spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    });
  }),
);

on('systemd-analyze')('the unit', async () => {
  const file = join(directory, 'pianola.service');
  // What is installed elsewhere is not what is looked at.
  await writeFile(file, (await block('ini')).replace('/usr/bin/node', process.execPath));
  execFileSync('systemd-analyze', ['verify', '--man=no', file], { stdio: 'pipe' });
});
