/** A station that speaks TLS itself, and whose certificate is renewed. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { openStation } from '../../src/local/station.ts';
import { readTls, watchTls } from '../../src/local/tls-files.ts';
import { until } from '../support/until.ts';

let directory: string;
const file = (name: string) => join(directory, name);
const files = () => ({ cert: file('cert.pem'), key: file('key.pem') });
/** OpenSSL comes with every Linux and macOS; without it this fails, and says why. */
function make(name: string, commonName: string): void {
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const out = ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`), '-subj', `/CN=${commonName}`];
  execFileSync('openssl', [...args, ...out], { stdio: 'ignore' });
}
const install = (name: string, part: 'crt' | 'key') =>
  copyFileSync(file(`${name}.${part}`), part === 'crt' ? files().cert : files().key);
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pianola-tls-'));
  make('first', 'first.example');
  make('second', 'second.example');
  install('first', 'crt');
  install('first', 'key');
});
afterAll(() => rmSync(directory, { recursive: true }));

const shownBy = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve((socket.getPeerCertificate() as PeerCertificate).subject.CN as string);
      socket.destroy();
    });
    socket.on('error', reject);
  });

test('page and socket by TLS; a renewed certificate is shown without a restart, half of a renewal is not', async () => {
  const events: string[] = [];
  const log = (event: string) => void events.push(event);
  const assets = new Map([['/', { body: Buffer.from('https://site.invalid/'), type: 'text/html' }]]);
  const place = { dataDir: file('data'), host: '127.0.0.1', port: 0, timeZone: 'UTC', timeOfDay: '20:00' };
  const station = await openStation({ ...place, assets, log, tls: await readTls(files()) });
  const end = watchTls(files(), { renew: station.renewTls, log, everyMs: 20 });
  try {
    const { port, protocol } = new URL(station.url);
    expect(protocol).toBe('https:');
    expect(await shownBy(Number(port))).toBe('first.example');
    const socket = new WebSocket(`wss://localhost:${port}/ws`, {
      origin: station.url,
      rejectUnauthorized: false,
    });
    const hello = new Promise((resolve) => socket.once('message', (data) => resolve(String(data))));
    socket.once('open', () => socket.send('{"action":"join"}'));
    expect(await hello).toContain('"type":"hello"');

    install('second', 'crt');
    await until(() => events.includes('tls.not_renewed'), Boolean);
    expect(await shownBy(Number(port))).toBe('first.example');
    install('second', 'key');
    await until(() => events.includes('tls.renewed'), Boolean);
    expect(await shownBy(Number(port))).toBe('second.example');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.close();
  } finally {
    end();
    await station.close();
  }
});

test('what is no certificate with its key is told by its paths', async () => {
  writeFileSync(file('nothing.pem'), 'nothing');
  await expect(readTls({ cert: file('nothing.pem'), key: files().key })).rejects.toThrow(
    `${file('nothing.pem')} and ${files().key} are no certificate with its key`,
  );
});
