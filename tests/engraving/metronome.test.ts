import { expect, test } from '@jest/globals';
import { openEngraver } from '../../src/engraving/engraver.ts';
import { withMetronome } from '../../src/engraving/metronome.ts';
import { barLength } from '../../src/music/score/score.ts';
import { musicXml } from '../../src/music/sheet/musicxml.ts';

const METRES = [
  { beats: 4, unit: 4 },
  { beats: 6, unit: 8 },
  { beats: 2, unit: 2 },
  { beats: 4, unit: 8 },
  { beats: 6, unit: 16 },
  { beats: 2, unit: 1 },
];
/** A movement of one bar in each metre, at ninety quarters a minute. */
const movements = METRES.map((metre, i) => {
  const length = barLength(metre);
  const note = { onset: 0, length: Math.min(length, 96), pitch: 60, part: 'right' as const };
  const score = { bars: [{ start: 0, length, metre }], notes: [note] };
  return { title: `No. ${i + 1}`, home: { tonic: 0, major: true }, score, quartersPerMinute: 90 };
});

test('a metronome mark has the note that its metre counts: drawn, for a page has no fonts', async () => {
  const engrave = openEngraver(() => {});
  const sheet = {
    musicXml: musicXml({ title: 'Six', colophon: 'Pianola', movements }),
    title: 'Six',
    line: '',
  };
  const { pages, warnings } = (await engrave({ ...sheet, bars: METRES.length }))!;
  expect(warnings).toEqual([]);
  const marks = pages
    .join('')
    .split('class="tempo"')
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('</g>')))
    .filter((mark) => mark.includes('=') && mark.includes('<path'));
  const shapes = marks.map((mark) => ({
    full: mark.includes('<path stroke="none" d="'),
    stems: mark.match(/ L/g)?.length ?? 0,
    // A head; and a flag.
    curved: mark.match(/<path[^>]*z"/g)!.length,
    dotted: mark.includes('<ellipse'),
    perMinute: /(\d+)<\/tspan>\s*<\/tspan>\s*<\/text>/.exec(mark)?.[1],
  }));
  expect(shapes).toEqual([
    { full: true, stems: 1, curved: 1, dotted: false, perMinute: '90' },
    { full: true, stems: 1, curved: 1, dotted: true, perMinute: '60' },
    { full: false, stems: 1, curved: 1, dotted: false, perMinute: '45' },
    { full: true, stems: 1, curved: 2, dotted: false, perMinute: '180' },
    { full: true, stems: 1, curved: 2, dotted: true, perMinute: '120' },
    { full: false, stems: 0, curved: 1, dotted: false, perMinute: '23' },
  ]);
  expect(pages.join('')).not.toContain('Leipzig');
}, 120_000);

test('a note that is none of these is a fault, and is named', () => {
  const mark =
    '<text stroke="none" x="7" y="4" font-size="0px"><tspan id="a" class="rend"><tspan id="b" class="text"><tspan font-family="Leipzig" font-size="720px">\uECA9</tspan></tspan></tspan>';
  expect(() => withMetronome(mark)).toThrow(/U\+eca9/);
});
