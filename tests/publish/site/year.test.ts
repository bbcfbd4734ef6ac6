import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { type Note, toMusic } from '../../../src/music/note.ts';
import { seededRandom } from '../../../src/music/random.ts';
import { weaveOf } from '../../../src/music/weave.ts';
import { archivePage } from '../../../src/publish/site/archive-page.ts';
import { EDITION, type IndexEntry, indexText } from '../../../src/publish/site/index-json.ts';
import { note } from '../../support/music.ts';

/** Five minutes of phrases that wander over the keys, with rests: no two days alike. */
function wandering(random: () => number) {
  const notes: Note[] = [];
  let pitch = 60;
  for (let ms = 0; ms < 300_000; ms += 60 + random() * 300) {
    if (random() < 0.01) ms += 4_000;
    pitch = Math.min(100, Math.max(28, pitch + Math.round((random() - 0.5) * 12)));
    notes.push(
      note(Math.round(ms), 100 + Math.round(random() * 2_000), pitch, 30 + Math.floor(random() * 60)),
    );
    if (random() < 0.2) notes.push(note(Math.round(ms), 3_000, 24 + Math.floor(random() * 24), 50));
  }
  return toMusic(notes);
}

test('a year of performances is one light page, and a light index', () => {
  const random = seededRandom(7);
  const performances = Array.from({ length: 365 }, (_, i): IndexEntry => {
    const music = wandering(random);
    return {
      id: new Date(Date.UTC(2026, 11, 31 - i)).toISOString().slice(0, 10),
      title: 'Suite in F sharp minor',
      durationMs: music.durationMs,
      notes: music.notes.length,
      weave: weaveOf(music),
      heard: Math.floor(random() * 40),
      costUsd: 0.0123 + random() / 1_000,
      pricesDate: '2026-11-21',
      midiBytes: 16_000,
      playedAt: null,
      edition: EDITION,
      holes: 0,
      soundBytes: 0,
      soundMs: 0,
    };
  });
  const page = archivePage({ schema: 1, performances }, '2026', 'https://piano.example');
  const index = indexText({ schema: 1, performances });
  expect(page.match(/<a href="\/2026-\d\d-\d\d\/"/g)).toHaveLength(365);
  expect(page.match(/<tr id=/g)).toHaveLength(12);
  // Compressed, as it travels: no more than the page on which one listens.
  expect(gzipSync(page).length).toBeLessThan(60_000);
  expect(page.length).toBeLessThan(300_000);
  expect(gzipSync(index).length).toBeLessThan(40_000);
});
