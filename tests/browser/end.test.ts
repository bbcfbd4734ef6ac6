import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { refreshArchive } from '../../src/publish/publish.ts';
import { scale } from '../support/music.ts';
import { playAt, testStation } from './station.ts';
import { witnessed } from './witness/witnessed.ts';

const test = witnessed();

const state = (page: Page, name: string) =>
  page.waitForFunction((wanted) => document.body.dataset.state === wanted, name, {
    timeout: 30_000,
    polling: 50,
  });

test('the end: twelve seconds of blank paper, the whole roll, then as the last one, to be heard again', async ({
  newPage,
}) => {
  const station = await testStation(scale(3_000));
  try {
    // As preparing does before anybody comes: an empty archive is there.
    await refreshArchive({ performances: station.performances, site: station.site, log: () => {} });
    const page = await newPage();
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(station.url);
    await state(page, 'waiting');
    playAt(station, Date.now() + 1_000);
    await state(page, 'live');
    await state(page, 'closing');
    const closedAt = Date.now();
    // Who comes now has no roll of it: no blank paper is shown, and the day as soon as it is public.
    const late = await newPage();
    await late.goto(station.url);
    await state(late, 'ended');
    expect(await late.locator('#join').textContent()).toMatch(/^Be there /);
    await late.locator('#hear', { hasText: /^Hear (tonight|today)’s, 0:02$/ }).waitFor({ timeout: 20_000 });
    await state(page, 'end');
    expect(Math.abs(Date.now() - closedAt - 12_000)).toBeLessThan(1_500);
    await state(page, 'ended');
    await page.locator('#hear', { hasText: /^Hear (tonight|today)’s, 0:02$/ }).waitFor({ timeout: 20_000 });
    await page.locator('#strips a[href="/2026-11-21/"]').waitFor();
    // Nothing was asked for before it was there.
    expect(problems).toEqual([]);
  } finally {
    await station.end();
  }
});
