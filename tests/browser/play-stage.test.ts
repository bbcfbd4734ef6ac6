import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { formFor } from '../../src/adapters/aws/s3-form.ts';
import { ASKED, answerAsked } from '../../src/adapters/net/asked.ts';
import { pageServer } from '../../src/adapters/net/http.ts';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { buildPage, playOnStage } from '../../src/adapters/net/page-bundle.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { visited } from '../../src/continue/visited.ts';
import { visits } from '../../src/continue/visits.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { scale } from '../support/music.ts';
import { scoreModel } from '../support/score-model.ts';
import { violations } from './axe.ts';
import { uploadsAtOnce } from './going-on.ts';
import { aBrowser } from './suite.ts';

/**
 * The page as a stage has it: it sends its music to a bucket on another origin, by a form that the bucket checks, and looks at
 * what two processes write there. In their place here: what they run, without the gateway and the queue around it.
 */
const browser = aBrowser();
const MIDI = writeMidiFile({ title: 'Scale', music: scale(6_000, 250), markers: [] });
let s3: FakeS3;
let server: Server;
let url: string;
let siteDirectory: string;
let page: Page;
let working: NodeJS.Timeout;
let most = 0;
const faults: string[] = [];

beforeAll(async () => {
  siteDirectory = await mkdtemp(join(tmpdir(), 'pianola-stage-'));
  s3 = await fakeS3();
  const uploads = {
    client: new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true }),
    bucket: 'uploads',
  };
  const place = s3Blobs(uploads);
  const continuing = visits({
    place,
    clock: systemClock,
    newId: () => randomBytes(16).toString('hex'),
    form: (name, forMs) => formFor(uploads, name, { mostBytes: 1_000_000, forMs, type: 'audio/midi' }),
  });
  const assets = playOnStage(await buildPage());
  server = pageServer(assets, siteDirectory, {
    async more(path, request, response) {
      // As infra/visitors.yml: this page may send to the bucket.
      const policy = String(response.getHeader('content-security-policy'));
      if (path === '/play/')
        response.setHeader(
          'content-security-policy',
          policy.replace("connect-src 'self'", `connect-src 'self' ${s3.endpoint}`),
        );
      if (!path.startsWith(ASKED)) return false;
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const answer = await answerAsked(
        {
          method: request.method ?? '',
          path: path.slice(ASKED.length),
          contentType: request.headers['content-type'],
          isOwn: request.headers.origin === url,
          from: '',
          text: async () => Buffer.concat(parts).toString(),
        },
        continuing,
      );
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return true;
    },
  });
  url = `http://localhost:${await listenOn(server, 0, '127.0.0.1')}`;

  const sampler = samplerOf(scoreModel());
  const taken = new Set<string>();
  let atWork = 0;
  // The queue: two at a time.
  working = setInterval(() => {
    for (const key of s3.objects.keys()) {
      const [, id] = /^uploads\/sent\/(.*)$/.exec(key) ?? [];
      if (!id || taken.has(id) || atWork === 2) continue;
      taken.add(id);
      atWork++;
      most = Math.max(most, atWork);
      const now = Date.now();
      visited(id, {
        place,
        clock: systemClock,
        read: () => place.read(`sent/${id}`),
        open: async () => ({ sampler }),
        claimant: { owner: id, now, until: now + 60_000 },
      })
        .catch((error) => faults.push(String(error)))
        .finally(() => atWork--);
    }
  }, 20);
});
afterAll(async () => {
  clearInterval(working);
  server.closeAllConnections();
  server.close();
  await s3.close();
  await rm(siteDirectory, { recursive: true });
});
beforeEach(async () => {
  faults.length = 0;
  page = await aPage();
});

async function aPage(hash = ''): Promise<Page> {
  const opened = await (await browser().newContext({ viewport: { width: 1_280, height: 860 } })).newPage();
  opened.on('pageerror', ({ message }) => faults.push(message));
  // What the page's policy forbids is told on the console alone.
  opened.on('console', (told) => {
    if (/Content Security Policy/.test(told.text())) faults.push(told.text());
  });
  await opened.goto(`${url}/play/${hash}`);
  await opened.locator('#keys span').first().waitFor();
  return opened;
}
const status = (text: RegExp, of = page) => of.locator('#status').filter({ hasText: text }).waitFor();
const give = (name: string, bytes: Uint8Array) =>
  page.locator('#file').setInputFiles({ name, mimeType: 'audio/midi', buffer: Buffer.from(bytes) });

test('a file goes from the page to the bucket, is gone on from, downloaded, shared, and forgotten', async () => {
  await give('scale.mid', MIDI);
  await status(/^Done: Continuation in /);
  expect(await violations(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()]);
  expect(download.suggestedFilename()).toBe('Scale.mid');
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  const file = readMidiFile(Buffer.concat(parts));
  if ('problem' in file) throw new Error(file.problem);
  expect(file.music.notes.slice(0, 24).map(({ pitch }) => pitch)).toEqual(
    scale(6_000, 250).notes.map(({ pitch }) => pitch),
  );
  expect(file.music.notes.length).toBeGreaterThan(24);
  await page.locator('#share').click();
  await status(/link/);
  const { hash } = new URL(await page.locator('#address').inputValue());
  const other = await aPage(hash);
  await status(/^Done: Continuation in /, other);
  await other.locator('#forget').click();
  await status(/^It is forgotten/, other);
  const third = await aPage(hash);
  await status(/nothing here any more/, third);
  expect(faults).toEqual([]);
});

test('four bars on the computer’s keys go the same way', async () => {
  for (const key of [...'zcbmqwer', ...'tewqmbcz']) {
    await page.keyboard.down(key);
    await page.waitForTimeout(40);
    await page.keyboard.up(key);
  }
  await page.locator('#ask').click();
  await status(/^Done: Continuation in /);
  expect(faults).toEqual([]);
});

test('an HTML file that is named .mid is refused in words', async () => {
  await give('song.mid', new TextEncoder().encode('<!doctype html><title>Not found</title>'));
  await status(/^It cannot be gone on from: song\.mid is no music that can be read: .*MIDI/);
  expect(faults).toEqual([]);
});

test('twenty uploads at once are queued, two at a time are composed, and all of them end', async () => {
  most = 0;
  const ends = await uploadsAtOnce(page, MIDI, 20);
  expect(ends).toEqual(Array(20).fill('201 201 done'));
  expect(most).toBe(2);
}, 180_000);

test('the page says how long music lies there', async () => {
  expect((await page.locator('.own').innerText()).replace(/\s+/g, ' ')).toContain('deleted within two days');
  expect(await violations(page)).toEqual([]);
});
