import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readMidiFile } from '../src/music/midi/file.ts';
import { launchBrowser } from '../tests/browser/browser.ts';
import { browserPiano } from './sound/browser-piano.ts';
import { integratedLoudness, truePeak } from './sound/loudness.ts';
import { wavFile } from './sound/wav.ts';

const USAGE = `npm run render -- FILE.mid --out FILE.wav [--json]
Renders a MIDI file with the page's own piano, in a headless Chromium: 16-bit stereo, 48 kHz.
  --tone   with the synthesised tone that sounds until the recordings are there
  --json   one object on the last line: seconds, notes, loudness (LUFS), true peak (dBTP)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    tone: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [file] = positionals;
if (values.help || !file || !values.out || positionals.length > 1) {
  console.error(USAGE);
  process.exit(values.help ? 0 : 2);
}
const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
  console.error(`${file} cannot be read: ${error.message}`);
  process.exit(error.code === 'ENOENT' ? 3 : 4);
});
const midi = readMidiFile(bytes);
if ('problem' in midi) {
  console.error(`${file}: ${midi.problem}, at byte ${midi.at}`);
  process.exit(2);
}
const browser = await launchBrowser();
try {
  const piano = await browserPiano(browser);
  const { channels, sampleRate } = await piano.render(midi.music, values.tone ? { grandFromMs: null } : {});
  await writeFile(values.out, wavFile(channels, sampleRate));
  const figures = {
    file: values.out,
    seconds: round(channels[0]!.length / sampleRate),
    notes: midi.music.notes.length,
    loudnessLufs: round(integratedLoudness(channels, sampleRate)),
    truePeakDbtp: round(truePeak(channels)),
  };
  console.log(values.json ? JSON.stringify(figures) : figures);
} finally {
  await browser.close();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
