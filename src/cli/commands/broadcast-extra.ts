/** `pianola broadcast extra`: the night's best continuation, played to everybody besides what the windows play. */
import { directoryBlobs } from '../../adapters/disk/directory-blobs.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { best, extraOf, type Found } from '../../continue/best.ts';
import type { Performances } from '../../ports.ts';
import { bothClocks, dateIn } from '../../schedule/index.ts';
import { minutesText } from '../../words.ts';
import { askOperator } from '../place/ask.ts';
import { openBackend } from '../place/place.ts';
import type { NowAnswer } from '../place/station-actions.ts';
import { CliError, printJson, printLine, say } from '../terminal/output.ts';
import { localTimeZone } from '../terminal/time-zone.ts';

type Options = {
  readonly data: string;
  readonly stage?: string;
  readonly from?: string;
  readonly since: number;
  readonly in: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

export async function extra(options: Options): Promise<void> {
  const { from, since, dryRun, json } = options;
  const backend = await openBackend(options, !dryRun);
  const place = from === undefined ? backend.answers : directoryBlobs(from);
  if (!place)
    throw new CliError('usage', 'no_folder', 'which folder was gone on from? give it with --from DIR');
  const found = await best(place, systemClock.now() - since * 3_600_000);
  if (!found) {
    const message = `nothing of the last ${since} hours can be compared: give more --since, or let more files arrive`;
    throw new CliError('notFound', 'no_continuation', message);
  }
  const { record, kept } = found;
  const what = { name: record.name, title: record.title, ...kept, durationMs: record.durationMs };
  const told = `${record.name}, ${minutesText(record.durationMs)}: lengths of pitch classes ${kept.profile.toFixed(2)}, density ${kept.octavesOfDensity.toFixed(2)} octaves apart`;
  if (dryRun) {
    if (json) return printJson({ ...what, written: false });
    return say(`Would play ${told}`);
  }
  const performance = await store(found, backend.performances, backend.timeZone);
  const answer = (await askOperator(options, 'broadcast-now', {
    inMs: options.in * 1000,
    performance,
  })) as NowAnswer;
  if (json) return printJson({ ...what, ...answer, written: true });
  printLine(answer.broadcast);
  say(`Playing ${told}, at ${bothClocks(localTimeZone(), answer.startsAt)}`);
}

/** Each has an id of its own, also the second of a day: whoever listens must never mix two. */
async function store(found: Found, performances: Performances, timeZone: string): Promise<string> {
  const date = dateIn(timeZone, systemClock.now());
  for (let count = 1; ; count++) {
    const id = `${date}-extra${count === 1 ? '' : `-${count}`}`;
    if ((await performances.create(extraOf(found, id))) === 'created') return id;
    const there = await performances.get(id);
    if (there?.record.midiSha256 === found.record.midiSha256) return id;
  }
}
