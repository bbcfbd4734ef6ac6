import { expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import type { Engraved, SheetToEngrave } from '../../src/ports.ts';
import { publish } from '../../src/publish/publish.ts';
import { written } from '../support/written.ts';

const ID = '2026-11-21';
const asked: SheetToEngrave[] = [];
const engraved = (bars: number): Engraved => ({
  pages: ['<svg>1</svg>', '<svg>2</svg>'],
  pdf: new Uint8Array([37, 80, 68, 70]),
  bars: Array.from({ length: bars }, (_, i) => ({ page: i % 2, x: 0.1, y: 0.2, width: 0.3, height: 0.1 })),
  warnings: [],
});

async function published(made: Engraved | null) {
  const [performances, site] = [memoryPerformances(), memorySite()];
  await performances.create(written(ID, 2, 3));
  asked.length = 0;
  const engraver = async (sheet: SheetToEngrave) => {
    asked.push(sheet);
    return made;
  };
  await publish(ID, { performances, site, engraver });
  return (path: string) => {
    const bytes = site.files.get(`${ID}/${path}`);
    return bytes ? new TextDecoder().decode(bytes) : null;
  };
}

test('a day has its pages, its PDF, and when and where each bar is', async () => {
  const text = await published(engraved(5));
  expect(asked).toMatchObject([
    {
      title: 'Two songs',
      line: 'Composed and played by Pianola, 21 November 2026',
      musicXml: text('sheet.musicxml'),
      bars: 5,
    },
  ]);
  expect([text('sheet-1.svg'), text('sheet-2.svg'), text('sheet.pdf')]).toEqual([
    '<svg>1</svg>',
    '<svg>2</svg>',
    '%PDF',
  ]);
  const { pages, bars } = JSON.parse(text('sheet.json')!);
  expect(pages).toBe(2);
  // Two bars of two seconds, a second between the movements, three bars.
  expect(bars.map((bar: number[]) => bar.slice(0, 3))).toEqual([
    [0, 2_000, 0],
    [2_000, 4_000, 1],
    [5_000, 7_000, 0],
    [7_000, 9_000, 1],
    [9_000, 11_000, 0],
  ]);
  const page = text('index.html')!;
  for (const path of ['sheet-1.svg', 'sheet-2.svg', 'sheet.pdf', 'sheet.musicxml'])
    expect(page).toContain(`/${ID}/${path}"`);
});

test('a day whose sheet cannot be engraved is published without it, with its MusicXML', async () => {
  const text = await published(null);
  expect(text('sheet.json')).toBeNull();
  expect(text('sheet.musicxml')).toContain('<score-partwise');
  expect(text('index.html')).not.toContain('sheet-1.svg');
});

test('the sheet tells of tempo, loudness as played, and the key', async () => {
  const xml = (await published(null))('sheet.musicxml')!;
  expect(xml).toContain('<words font-weight="bold">Song 1: Allegro</words>');
  expect(xml.match(/<dynamics><mf\/><\/dynamics>/g)).toHaveLength(2);
  expect(xml).not.toContain('rit.');
});
