/** The proxies of docs/self-hosting.md, as they stand there, in front of a real station; `npm run test:cloud` runs them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { encodeRequest } from '../../src/wire.ts';
import { freePort } from '../support/free-port.ts';
import { stationProcess } from '../support/station-process.ts';

/** Set by `npm run test:cloud` to those that are there. */
const HERE = new Set((process.env.PIANOLA_PROXIES ?? '').split(',').filter(Boolean));
const on = (program: string) => (HERE.has(program) ? test : test.skip);

const PEM = resolve('tests/fakes/loopback.pem');
/** More than one address may have. */
const LISTENERS = 100;

let directory: string;
let doc: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-proxies-'));
  doc = await readFile('docs/self-hosting.md', 'utf8');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The one block of a language. */
function block(language: string): string {
  const found = [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  expect(found).toHaveLength(1);
  return found[0]![1]!;
}

const page = (url: string): Promise<string> =>
  new Promise((done, failed) => {
    get(url, { rejectUnauthorized: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => done(text));
    }).on('error', failed);
  });

/** As soon as the proxy listens. */
async function answered(url: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const text = await page(url).catch(() => null);
    if (text !== null) return text;
    await sleep(100);
  }
  throw new Error(`${url} does not answer`);
}

/** Resolves with its first frame. */
const listener = (base: string, i: number): Promise<{ socket: WebSocket; frame: string }> =>
  new Promise((done, failed) => {
    const url = new URL('ws', base);
    url.protocol = 'wss:';
    const socket = new WebSocket(url, {
      rejectUnauthorized: false,
      localAddress: `127.0.1.${1 + i}`,
      origin: new URL(base).origin,
      // Not by the sixth version, of which nobody has a hundred addresses here.
      family: 4,
    });
    socket.once('error', failed).once('open', () => socket.send(encodeRequest({ action: 'join' })));
    socket.once('message', (frame) => done({ socket, frame: String(frame) }));
  });

/** A station behind a proxy that `begin` starts is what its visitors' address says, for a crowd. */
async function behind(
  path: string,
  begin: (ports: { proxy: number; station: number }) => Promise<ChildProcess>,
): Promise<void> {
  const port = await freePort();
  const base = `https://localhost:${port}${path}`;
  const station = await stationProcess({ args: ['--url', base, '--trust-proxy', 'loopback'] });
  const proxy = await begin({ proxy: port, station: station.port });
  try {
    const first = await answered(base);
    expect(first).toContain(`<link rel="canonical" href="${base}"`);
    expect(first).toContain(`<meta property="og:image" content="${base}share.png"`);
    const crowd = await Promise.all(Array.from({ length: LISTENERS }, (_, i) => listener(base, i)));
    expect(crowd.map(({ frame }) => JSON.parse(frame).type)).toEqual(crowd.map(() => 'hello'));
    for (const { socket } of crowd) socket.terminate();
  } finally {
    proxy.kill();
    await station.end();
  }
}

on('nginx')('nginx, below a path of its site', () =>
  behind('/piano/', async ({ proxy, station }) => {
    const server = block('nginx')
      .replace('listen 443 ssl', `listen 127.0.0.1:${proxy} ssl`)
      .replace('127.0.0.1:8080', `127.0.0.1:${station}`)
      .replace('location /', 'location /piano/')
      .replaceAll(/\/etc\/letsencrypt\/\S+\.pem/g, PEM);
    const file = join(directory, 'nginx.conf');
    const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${directory}/${kind};`,
    );
    await writeFile(
      file,
      `pid ${directory}/nginx.pid; error_log stderr warn; daemon off;
       events { worker_connections 1024; }
       http { access_log off; ${own.join(' ')}
       ${server} }`,
    );
    return spawn('nginx', ['-c', file, '-p', directory], { stdio: 'inherit' });
  }),
);

on('caddy')('Caddy', () =>
  behind('/', async ({ proxy, station }) => {
    const site = block('caddyfile')
      .replace('piano.example {', `https://localhost:${proxy} {\n    tls ${PEM} ${PEM}`)
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
  await writeFile(file, block('ini').replace('/usr/bin/node', process.execPath));
  execFileSync('systemd-analyze', ['verify', '--man=no', file], { stdio: 'pipe' });
});
