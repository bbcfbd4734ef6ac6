import type { Command } from 'commander';
import { systemClock } from '../../../adapters/system-clock.ts';
import { tooDense } from '../../../broadcast/frames.ts';
import { replayFrames } from '../../../broadcast/replay-frames.ts';
import { CHUNK_MS, timeline } from '../../../music/timeline.ts';
import { type Frame, parseFrame } from '../../../wire.ts';
import { minutesText } from '../../../words.ts';
import { openBackend } from '../../place/place.ts';
import { examples } from '../../terminal/help.ts';
import { DEFAULT_DATA, loadMusic, portOption, positionOption, speedOption } from '../../terminal/options.ts';
import { CliError, printJsonText, printLine, say } from '../../terminal/output.ts';
import { playRoll } from './roll-player.ts';

type Options = {
  speed: number;
  from: number;
  data: string;
  stage?: string;
  serve?: boolean;
  port: number;
  verify?: boolean;
  broadcast?: string;
  json?: boolean;
};

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description(
      'Send a performance or a MIDI file out again, frame by frame, as a listener would receive it',
    )
    .argument('<date|file.mid>', 'a day of the archive, or a file')
    .option('--speed <x>', 'times as fast, 0.1 to 10000', speedOption, 1)
    .option('--from <m:ss>', 'where to begin', positionOption, 0)
    .option('--serve', 'to browsers on this machine, as a private broadcast')
    .option('--port <n>', 'port for --serve; 0 takes any free one', portOption, 0)
    .option('--verify', 'compare with what its broadcast sent, note by note, and play nothing')
    .option('--broadcast <id>', 'compare with this broadcast; the newest where none is given')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--json', 'print every wire frame as one JSON line: {"atMs", "frame"}')
    .addHelpText(
      'before',
      examples(
        'replay 2026-11-21',
        'replay 2026-11-21 --from 1:30 --speed 2',
        'replay a.mid --speed 60 --json',
        'replay 2026-11-21 --verify',
        'replay a.mid --serve --port 8081',
      ),
    )
    .action(run);
}

async function run(dateOrFile: string, options: Options): Promise<void> {
  if (options.verify) return (await import('./verify.ts')).verifyReplay(dateOrFile, options);
  if (options.broadcast !== undefined) {
    throw new CliError('usage', 'usage', '--broadcast goes with --verify: give both');
  }
  const { performances } = await openBackend(options);
  const { name, file } = await loadMusic(dateOrFile, options.data, performances);
  const music = timeline(file.music);
  const { durationMs } = music.music;
  if (options.from >= durationMs) {
    throw new CliError(
      'usage',
      'beyond_end',
      `--from ${minutesText(options.from)} is beyond the end, ${minutesText(durationMs)}`,
    );
  }
  const dense = tooDense(music);
  if (dense) {
    const message = `${name}: ${dense.notes} notes in the 15 s from ${minutesText(dense.seq * CHUNK_MS)} do not fit a 32 KB frame`;
    throw new CliError('usage', 'too_dense', message);
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  if (options.serve) {
    const { serveReplay } = await import('./serve.ts');
    return serveReplay(name, music.music, { ...options, fromMs: options.from }, stop.signal);
  }
  if (process.stdout.isTTY && !options.json && process.env.TERM !== 'dumb') {
    const input = process.stdin.isTTY ? process.stdin : null;
    const terminal = { output: process.stdout, input, color: !process.env.NO_COLOR };
    const start = { fromMs: options.from, speed: options.speed };
    const left = await playRoll(name, music, start, terminal, systemClock, stop.signal);
    say(`${name}: left at ${minutesText(left)} of ${minutesText(durationMs)}`);
    return;
  }
  if (!options.json)
    say(
      `Replaying ${name}: ${file.music.notes.length} notes, ${minutesText(durationMs)}, at ${options.speed}×`,
    );
  const startedAt = systemClock.now();
  try {
    for (const { atMs, frame } of replayFrames(name, music, options.from)) {
      await systemClock.sleepUntil(startedAt + (atMs - options.from) / options.speed, stop.signal);
      // Spliced as text: these are the bytes that go over the wire.
      if (options.json) printJsonText(`{"atMs":${atMs},"frame":${frame}}`);
      else printLine(`${minutesText(atMs)}  ${describe(parseFrame(frame)!)}`);
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
}

function describe(frame: Frame): string {
  if (frame.type !== 'chunk') return frame.type;
  const last = frame.seq + frame.count - 1;
  const which = frame.count > 1 ? `chunks ${frame.seq}–${last}` : `chunk ${frame.seq}`;
  const held = frame.state.sounding.length;
  return `${which}: ${minutesText(frame.fromMs)} to ${minutesText(frame.toMs)}, ${frame.notes.length} notes, ${held} held over`;
}
