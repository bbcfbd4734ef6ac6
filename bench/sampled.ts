import { parseArgs } from 'node:util';
import { readMidiFile } from '../src/music/midi/file.ts';
import { writeMidiFile } from '../src/music/midi/write.ts';
import { type Note, toMusic } from '../src/music/note.ts';
import { passage, type SectionRequest } from '../src/music/plan/section.ts';
import { boundSounding, eachKeyOnce } from '../src/music/sounding.ts';
import { decode, densityLevel, encode } from '../src/music/tokens/vocabulary.ts';
import { openSamplers } from '../src/sampling/pool.ts';

const PACES = [3.5, 4.8, 6, 10, 15] as const;
const SECTION_MS = 60_000;

/**
 * Whether everything that is sampled is music as it stands: `--tokens` of it (a million), by seeds from 1 on. A section
 * counts as whole where it needs no repair, is read from a MIDI file as it was written, every note with its end, and
 * becomes the same tokens, and so the same onsets, again.
 */
export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    strict: false,
    options: { tokens: { type: 'string', default: '1000000' }, model: { type: 'string', default: 'model' } },
  });
  const wanted = Number(values.tokens);
  const pool = await openSamplers(String(values.model));
  const total = { tokens: 0, notes: 0, sections: 0, repaired: 0, unclosed: 0, driftMs: 0 };
  let seed = 0;
  const line = async () => {
    while (total.tokens < wanted) {
      seed++;
      const { notes, tokens } = await pool.sample(requestOf(seed), seed);
      total.tokens += tokens;
      total.notes += notes.length;
      total.sections++;
      if (!same(notes, boundSounding(eachKeyOnce(notes)))) total.repaired++;
      const music = toMusic(notes);
      const file = readMidiFile(writeMidiFile({ title: 'x', music, markers: [] }));
      if ('problem' in file) throw new Error(`seed ${seed}: ${file.problem}`);
      total.unclosed += notes.length - file.music.notes.length;
      const again = decode(encode(music)).notes;
      const first = notes[0]?.onsetMs ?? 0;
      again.forEach((note, i) => {
        total.driftMs = Math.max(total.driftMs, Math.abs(note.onsetMs + first - notes[i]!.onsetMs));
      });
      if (!same(file.music.notes, music.notes) || again.length !== notes.length) total.repaired++;
    }
  };
  await Promise.all(Array.from({ length: pool.width }, line));
  await pool.release();
  return { ...total, wholePart: 1 - total.repaired / total.sections };
}

function requestOf(seed: number): SectionRequest {
  const notesPerSecond = PACES[seed % PACES.length]!;
  const controls = {
    style: 'stanford-piano-rolls' as const,
    loudness: seed % 8,
    density: densityLevel(notesPerSecond),
    register: (seed >> 3) % 8,
  };
  return passage(controls, notesPerSecond, SECTION_MS);
}

const textOf = (notes: readonly Note[]): string =>
  notes.map((n) => [n.onsetMs, n.durationMs, n.pitch, n.velocity].join()).join(';');
const same = (a: readonly Note[], b: readonly Note[]): boolean => textOf(a) === textOf(b);
