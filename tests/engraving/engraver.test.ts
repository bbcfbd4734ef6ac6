import { beforeAll, describe, expect, test } from '@jest/globals';
import { openEngraver } from '../../src/engraving/engraver.ts';
import { isA, parsePage, within } from '../../src/engraving/svg.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import type { Engraved } from '../../src/ports.ts';
import { sheetOf } from '../../src/publish/sheet.ts';
import { written } from '../support/written.ts';

const LINE = 'Composed and played by Pianola, 21 November 2026';
const told: unknown[] = [];
const engrave = openEngraver((event, details) => void told.push([event, details]));
const { record, midi } = written('2026-11-21', 20, 24);
const read = readMidiFile(midi);
if ('problem' in read) throw new Error(read.problem);
const musicXml = sheetOf(record, read.music)!;

let engraved: Engraved;
beforeAll(async () => {
  engraved = (await engrave({ musicXml, title: 'Two songs & more', line: LINE, bars: 44 }))!;
}, 120_000);

describe('an engraved sheet', () => {
  test('is made without a warning', () => {
    expect(told).toEqual([]);
    expect(engraved.warnings).toEqual([]);
    expect(engraved.pages.length).toBeGreaterThan(1);
  });

  test('has as many notes as the score, ties counted in', () => {
    const heads = engraved.pages
      .map(parsePage)
      .flatMap((page) => [...within(page)].filter((element) => isA(element, 'note')));
    expect(heads).toHaveLength(musicXml.match(/<pitch>/g)!.length);
    expect(heads).toHaveLength(44 * 10);
  });

  test('tells where each of its bars stands, on the paper, one after the other', () => {
    expect(engraved.bars).toHaveLength(44);
    for (const { x, y, width, height } of engraved.bars) {
      expect(Math.min(x, y, width, height)).toBeGreaterThan(0);
      expect(Math.max(x + width, y + height)).toBeLessThan(1);
    }
    const order = engraved.bars.map(({ page, x, y }) => page * 1e4 + Math.round(y * 100) * 10 + x);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(engraved.bars.at(-1)!.page).toBe(engraved.pages.length - 1);
  });

  test('has title and line at its head, and neither styles, scripts nor fonts', () => {
    expect(engraved.pages[0]).toContain('>Two songs &amp; more<');
    for (const [i, page] of engraved.pages.entries()) {
      expect(page).toContain(LINE);
      expect(page).toContain(`>${i + 1} / ${engraved.pages.length}<`);
      expect(page).not.toMatch(/<style|<script|@font-face|Leipzig| style="/);
    }
  });

  test('is a PDF of the same pages, whose table says where each object lies', () => {
    const text = Buffer.from(engraved.pdf).toString('latin1');
    expect(text.startsWith('%PDF-1.4\n')).toBe(true);
    expect(text.match(/\/Type\/Page\/Parent/g)).toHaveLength(engraved.pages.length);
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
    const rows = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
    expect(rows.length).toBeGreaterThan(2 * engraved.pages.length);
    for (const [i, at] of rows.entries()) expect(text.slice(at).startsWith(`${i + 1} 0 obj\n`)).toBe(true);
  });

  test('has the same bytes again', async () => {
    const again = await engrave({ musicXml, title: 'Two songs & more', line: LINE, bars: 44 });
    expect(again!.pages).toEqual(engraved.pages);
    expect(Buffer.from(again!.pdf).equals(Buffer.from(engraved.pdf))).toBe(true);
  }, 120_000);

  test('is not made of what is no music, and an operator is told', async () => {
    told.length = 0;
    const nothing = { musicXml: '<score-partwise/', title: 'Nothing', line: LINE, bars: 3 };
    expect(await engrave(nothing)).toBeNull();
    const reason = 'Error: 0 bars were engraved, not 3';
    expect(told).toEqual([['sheet.not_engraved', { title: 'Nothing', reason }]]);
  }, 120_000);

  test('is given up where it takes too long', async () => {
    told.length = 0;
    const hasty = openEngraver((event, details) => void told.push([event, details]), { timeoutMs: 1 });
    expect(await hasty({ musicXml, title: 'Long', line: LINE, bars: 44 })).toBeNull();
    const reason = 'Error: not done after 0.001 s';
    expect(told).toEqual([['sheet.not_engraved', { title: 'Long', reason }]]);
  }, 120_000);
});
