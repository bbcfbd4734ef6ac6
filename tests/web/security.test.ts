import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pageServer } from '../../src/adapters/net/http.ts';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { buildPage } from '../../src/adapters/net/page-bundle.ts';

/** The policy that a visitor of this host is sent, by directive. */
async function policyFor(host: string, path = '/'): Promise<ReadonlyMap<string, readonly string[]>> {
  const server = pageServer(new Map(), tmpdir());
  const port = await listenOn(server, 0, '127.0.0.1');
  try {
    const header = await new Promise<string>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path, headers: { host } }, (response) => {
        response.resume();
        resolve(String(response.headers['content-security-policy']));
      })
        .on('error', reject)
        .end();
    });
    return new Map(
      header.split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(/\s+/);
        return [name, sources] as const;
      }),
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('the policy lets in nothing that is inline, evaluated or from elsewhere', async () => {
  const policy = await policyFor('piano.example:8080');
  expect(policy.get('default-src')).toEqual(["'self'"]);
  for (const directive of ['script-src', 'style-src', 'worker-src', 'media-src', 'font-src'])
    expect(policy.get(directive) ?? ["'self'"]).toEqual(["'self'"]);
  expect([...policy.values()].flat().join(' ')).not.toMatch(/unsafe|\*|https?:/);
  for (const directive of ['object-src', 'base-uri', 'form-action', 'frame-ancestors'])
    expect(policy.get(directive)).toEqual(["'none'"]);
});

test('the embed alone may be framed, by anybody, and is else as strict as the rest', async () => {
  const [page, embed] = [await policyFor('localhost'), await policyFor('localhost', '/embed/')];
  expect(embed.get('frame-ancestors')).toEqual(['*']);
  expect([...embed].filter(([name]) => name !== 'frame-ancestors')).toEqual(
    [...page].filter(([name]) => name !== 'frame-ancestors'),
  );
  for (const path of ['/embed', '/embed/x', '/embed.css', '/%65mbed', '/archive/', '/2026-11-21/'])
    expect((await policyFor('localhost', path)).get('frame-ancestors')).toEqual(["'none'"]);
});

test('the shelf alone may compile WebAssembly, and is else as strict as the rest', async () => {
  const [page, shelf] = [await policyFor('localhost'), await policyFor('localhost', '/shelf/mill/2/')];
  expect(shelf.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  expect([...shelf].filter(([name]) => name !== 'script-src')).toEqual([...page]);
  for (const path of ['/shelf', '/shelf.js', '/shelfish/', '/%73helf', '/archive/', '/play/'])
    expect((await policyFor('localhost', path)).has('script-src')).toBe(false);
});

test('the page may connect to its own host alone, and a forged one adds nothing', async () => {
  const connect = async (host: string) => (await policyFor(host)).get('connect-src');
  expect(await connect('piano.example:8080')).toEqual([
    "'self'",
    'ws://piano.example:8080',
    'wss://piano.example:8080',
  ]);
  for (const forged of ['evil.example; script-src *', 'a b', '*', '*.example'])
    expect(await connect(forged)).toEqual(["'self'"]);
});

/** Ways by which a text becomes markup, style or script. */
const UNSAFE =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc|document\.write|eval|Function)\b\s*[(=]|setAttribute\(\s*['"](style|on\w+|src|href)['"]|javascript:/;

test('texts become text: no source of the page, and no bundle, turns them into markup', async () => {
  const folder = new URL('../../web/', import.meta.url).pathname;
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(sources.length).toBeGreaterThan(30);
  const unsafe = (text: string) => UNSAFE.exec(text)?.[0] ?? null;
  for (const name of sources)
    expect([name, unsafe(readFileSync(join(folder, name), 'utf8'))]).toEqual([name, null]);
  for (const [path, { body, type }] of await buildPage())
    if (type.startsWith('text/javascript'))
      expect([path, unsafe(new TextDecoder().decode(body))]).toEqual([path, null]);
  // The guard itself sees what it is to see.
  for (const line of ['a.innerHTML = b', 'eval(x)', "a.setAttribute('onclick', b)", 'new Function("x")'])
    expect(unsafe(line)).not.toBeNull();
});
