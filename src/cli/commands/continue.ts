import { hash } from 'node:crypto';
import type { Command } from 'commander';
import { type Continuation, goOn, seedOfMusic } from '../../compose/continuation.ts';
import { type MidiFile, readMidiFile } from '../../music/midi/file.ts';
import { areWritable, MOST_LANES, writeLanes } from '../../music/midi/lanes.ts';
import { readSmf } from '../../music/midi/walk.ts';
import { type Placed, placeMusic } from '../../music/score/place.ts';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, loadMusic, minutesOption, seedOption } from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { CliError, printJson, say } from '../terminal/output.ts';
import { composeProgress } from '../terminal/progress.ts';

type Options = {
  minutes: number;
  seed?: number;
  model?: string;
  out?: string;
  data: string;
  force?: boolean;
  json?: boolean;
};

export function registerContinue(program: Command): void {
  program
    .command('continue')
    .description('Let the model go on from your music')
    .argument('<file.mid>', 'a MIDI file, or a day of the archive')
    .option('--minutes <m>', 'how much is added, 0.5 to 60', minutesOption, 1)
    .option('--seed <n>', 'whole number; one that belongs to the music where none is given', seedOption)
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option(
      '--out <file.mid>',
      'where it is written; beside the file, as -continued.mid, where none is given',
    )
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--force', 'replace the file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'before',
      examples('continue mine.mid', 'continue mine.mid --minutes 3 --seed 7 --out ours.mid'),
    )
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const { performances } = await openBackend({ data: options.data });
  const { file, bytes } = await loadMusic(name, options.data, performances);
  // Before the long work; what is added strikes no key that is held.
  if (!areWritable(file.music.notes)) throw tooManyStrikes(name);
  const placed = placedIn(name, bytes);
  const out = options.out ?? `${name.replace(/\.(midi?|kar|rmi)$/i, '')}-continued.mid`;
  const target = { path: out, force: options.force, option: '--out' };
  await refuseInTheWay(target);
  const settings = { minutes: options.minutes, seed: options.seed ?? seedOfMusic(file.music) };

  const bar = composeProgress(`on from ${name}`);
  let startedAt = performance.now();
  let made: Continuation | null;
  let modelSha256: string;
  try {
    // Loaded when needed: the runtime is a large native library, and help should not wait for it.
    const { openComposer } = await import('../place/composer.ts');
    const { release, ...composer } = await openComposer(options);
    modelSha256 = composer.sampler.sha256;
    startedAt = performance.now();
    const ports = { ...composer, onProgress: bar.update };
    made = await goOn(file.music, placed, settings, ports).finally(release);
  } finally {
    bar.done();
  }
  if (made === null) throw new CliError('usage', 'no_room', `${name} holds every key: nothing can be added`);
  const midi = bytesOf(name, file, made);
  await writeOut(target, midi);
  const tookMs = performance.now() - startedAt;

  const { music, continuedFromMs, title, tokens, quantised } = made;
  if (quantised) say(`${name} has no bars: beats were found in it, and it goes on from these`);
  const added = music.notes.length - file.music.notes.length;
  for (const warning of file.warnings) say(`${name}: ${warning}`);
  if (options.json) {
    const { durationMs } = music;
    printJson({
      title: titleOf(file, name),
      outcome: 'continued',
      notes: music.notes.length,
      addedNotes: added,
      durationMs,
      continuedFromMs,
      tokens,
      tokensPerSecond: Math.round((tokens / tookMs) * 1000),
      verdict: file.verdict,
      repairs: file.repairs,
      seed: settings.seed,
      modelSha256,
      midiSha256: hash('sha256', midi),
      movements: [{ startMs: continuedFromMs, title }],
      quantised,
      settings: {
        minutes: options.minutes,
        quartersPerMinute: Math.round(placed.quartersPerMinute * 10) / 10,
      },
      out,
    });
    return;
  }
  const how = `${minutesText(tookMs)}, ${added} notes, seed ${settings.seed}`;
  say(
    `${out}: goes on at ${minutesText(continuedFromMs)}, ends at ${minutesText(music.durationMs)}; composed in ${how}`,
  );
  say(`  ${minutesText(continuedFromMs)}  ${title}`);
}

/** The same music in bars. */
function placedIn(name: string, bytes: Uint8Array): Placed {
  const reading = readSmf(bytes);
  const placed = 'problem' in reading ? null : placeMusic(reading);
  if (placed) return placed;
  throw new CliError('usage', 'no_bars', `${name} has bars of over eight quarters: give it in shorter ones`);
}

/** The file, read back as anybody's would be: what we could not play ourselves is not written. */
function bytesOf(name: string, file: MidiFile, { music, continuedFromMs }: Continuation): Uint8Array {
  const markers = file.markers.map(({ ms, text }) => ({ ms, text: ascii(text) }));
  const midi = writeLanes({
    title: titleOf(file, name),
    music,
    markers: [...markers, { ms: continuedFromMs, text: 'Continuation' }].sort((a, b) => a.ms - b.ms),
  });
  if (midi === null) throw tooManyStrikes(name);
  const read = readMidiFile(midi);
  if ('problem' in read) {
    throw new CliError('usage', 'too_long', `${name} leaves no room to go on: ${read.problem}; give less`);
  }
  return midi;
}

function tooManyStrikes(name: string): CliError {
  const held = `${name} holds a key more than ${MOST_LANES} times at once, which cannot be written`;
  return new CliError('usage', 'too_many_strikes', `${held}: give other music`);
}

const titleOf = ({ title }: MidiFile, name: string): string =>
  ascii(title || name.replace(/^.*[\\/]|\.(midi?|kar|rmi)$/gi, ''));
/** Text in a MIDI file has no stated encoding: what others wrote is kept where it can be meant one way only. */
const ascii = (text: string): string => text.replace(/[^ -~]/g, '?');
