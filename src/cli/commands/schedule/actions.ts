import type { StoredWindow } from '../../../ports.ts';
import {
  bothClocks,
  clockChanges,
  describeClockChange,
  describeLeftOut,
  describeRule,
  differences,
  isoIn,
  leftOutFor,
  nextOf,
  upcoming,
  type Window,
} from '../../../schedule/index.ts';
import { windowsInForce } from '../../../station/arm.ts';
import {
  cancelWindow,
  describeRefusal,
  type Refusal,
  type Saved,
  saveWindow,
} from '../../../station/change-windows.ts';
import { type BackendOptions, openBackend } from '../../place/place.ts';
import type { Backend } from '../../place/types.ts';
import { confirm } from '../../terminal/confirm.ts';
import { CliError, type ExitName, printJson, printLine, say } from '../../terminal/output.ts';
import { draftWindow, type WindowOptions } from './draft.ts';

type Common = BackendOptions & { json?: boolean; dryRun?: boolean };

export async function add(options: Common & WindowOptions): Promise<void> {
  const backend = await openBackend(options, !options.dryRun);
  const before = await backend.windows.list();
  const window = draftWindow(options, backend.timeZone);
  await refuseUnknownPerformance(window, backend);
  const saved = await saveWindow(window, 0, backend, options.dryRun);
  if ('refused' in saved) throw refusal(saved, window);
  tell(saved, options, options.dryRun ? 'Would add' : 'Added');
  if (before.length === 0 && !options.json && backend.otherwise) {
    const verb = options.dryRun ? 'would no longer apply' : 'no longer applies';
    say(
      `With this first window the daily ${backend.otherwise.rule.kind === 'daily' ? backend.otherwise.rule.at : 'default'} ${verb}.`,
    );
  }
}

export async function edit(
  id: string,
  options: Common & WindowOptions & { ifVersion?: number },
): Promise<void> {
  const backend = await openBackend(options, !options.dryRun);
  const before = await backend.windows.list();
  const stored = before.find(({ window }) => window.id === id);
  if (!stored) throw refusal({ refused: 'unknown' }, { id, timeZone: 'UTC' });
  const window = draftWindow(options, backend.timeZone, stored.window);
  const changes = differences(stored.window, window);
  if (changes.length === 0 && (options.ifVersion ?? stored.version) === stored.version) {
    throw new CliError(
      'usage',
      'no_change',
      `this would change nothing about ${id}: give what is to be different`,
    );
  }
  await refuseUnknownPerformance(window, backend);
  const saved = await saveWindow(window, options.ifVersion ?? stored.version, backend, options.dryRun);
  if ('refused' in saved) throw refusal(saved, window);
  if (!options.json) for (const { field, stored, yours } of changes) say(`${field}: ${stored} → ${yours}`);
  tell(saved, options, options.dryRun ? 'Would change' : 'Changed');
}

export async function cancel(
  id: string,
  options: Common & { ifVersion?: number; yes?: boolean },
): Promise<void> {
  const backend = await openBackend(options, !options.dryRun);
  const before = await backend.windows.list();
  const found = before.find(({ window }) => window.id === id);
  if (found && !options.dryRun && !options.yes) {
    const { rule, timeZone } = found.window;
    await confirm(`Cancel window ${id}, ${describeRule(rule)} (${timeZone})?`, options);
  }
  const outcome = await cancelWindow(id, options.ifVersion ?? null, backend, options.dryRun);
  if ('refused' in outcome) throw refusal(outcome, found?.window ?? { id, timeZone: 'UTC' });
  if (options.json) printJson({ ...asJson(outcome, before, backend), cancelled: !options.dryRun });
  else
    say(
      `${options.dryRun ? 'Would cancel' : 'Cancelled'} window ${id}: ${describeRule(outcome.window.rule)}`,
    );
}

export async function list(options: Common): Promise<void> {
  const backend = await openBackend(options);
  const stored = await backend.windows.list();
  if (options.json) {
    for (const each of stored) printJson(asJson(each, stored, backend));
    return;
  }
  for (const { window } of stored) {
    const next = nextOf(window, windowsOf(stored), backend.clock.now());
    const when = next ? `next ${bothClocks(window.timeZone, next.startsAt)}` : 'never again';
    printLine([window.id, describeRule(window.rule), when, window.title].filter(Boolean).join('  '));
  }
  if (stored.length === 0) {
    const daily = backend.otherwise ? `; the station plays ${describeRule(backend.otherwise.rule)}` : '';
    say(`There are no windows${daily}. Add one with: pianola schedule add --at 20:00`);
  }
}

export async function show(id: string, options: Common): Promise<void> {
  const backend = await openBackend(options);
  const all = await backend.windows.list();
  const stored = all.find((each) => each.window.id === id);
  if (!stored) throw refusal({ refused: 'unknown' }, { id, timeZone: 'UTC' });
  if (options.json) return printJson(asJson(stored, all, backend));
  const { window, version } = stored;
  const now = backend.clock.now();
  const next = nextOf(window, windowsOf(all), now);
  const rows: [string, string][] = [
    ['window', window.id],
    ['version', String(version)],
    ['title', window.title || '(none)'],
    ['plays', describeRule(window.rule)],
    ['time zone', window.timeZone],
    ['limit', `${window.limitMinutes} minutes`],
    ['dates', `${window.firstDate ?? 'from now on'} to ${window.lastDate ?? 'no end'}`],
    ['performance', window.performance],
    ['priority', String(window.priority)],
    ['next', next ? bothClocks(window.timeZone, next.startsAt) : 'never again'],
  ];
  for (const [name, value] of rows) printLine(`${name.padEnd(12)} ${value}`);
  for (const change of clockChanges(window, now)) printLine(`note         ${describeClockChange(change)}`);
  for (const line of describeLeftOut(leftOutFor(window, windowsOf(all), now)))
    printLine(`note         ${line}`);
}

export async function next(
  id: string | undefined,
  options: Common & { count: number; after?: number },
): Promise<void> {
  const backend = await openBackend(options);
  const inForce = await windowsInForce(backend.windows, backend.otherwise);
  const windows = id === undefined ? inForce : inForce.filter((window) => window.id === id);
  if (id !== undefined && windows.length === 0)
    throw refusal({ refused: 'unknown' }, { id, timeZone: 'UTC' });
  let left = options.count;
  for (const occurrence of upcoming(windows, options.after ?? backend.clock.now(), inForce)) {
    if (left-- === 0) return;
    const { window, startsAt, local, timeZone } = occurrence;
    if (options.json) printJson({ window, startsAt, local, timeZone });
    else printLine(`${bothClocks(timeZone, startsAt)}  ${window}`);
  }
  if (left === options.count && !options.json) say('No broadcast is to come.');
}

const asJson = ({ window, version }: StoredWindow, stored: readonly StoredWindow[], { clock }: Backend) => {
  const { schema: _schema, ...fields } = window;
  const next = nextOf(window, windowsOf(stored), clock.now());
  return {
    ...fields,
    version,
    next: next && { startsAt: next.startsAt, local: next.local, utc: isoIn('UTC', next.startsAt) },
    clockChanges: clockChanges(window, clock.now()),
  };
};

function tell({ stored, next, clockChanges, leftOut }: Saved, options: Common, verb: string): void {
  const { window, version } = stored;
  if (options.json) {
    const { schema: _schema, ...fields } = window;
    const first = { startsAt: next.startsAt, local: next.local, utc: isoIn('UTC', next.startsAt) };
    printJson({ ...fields, version, next: first, clockChanges, leftOut, written: !options.dryRun });
    return;
  }
  printLine(
    `${window.id}  ${describeRule(window.rule)}  ${window.timeZone}${window.title ? `  ${window.title}` : ''}`,
  );
  say(`${verb} window ${window.id} (version ${version}); next ${bothClocks(window.timeZone, next.startsAt)}`);
  for (const change of clockChanges) say(`Note: ${describeClockChange(change)}`);
  for (const line of describeLeftOut(leftOut)) say(`Note: ${line}`);
}

const windowsOf = (stored: readonly StoredWindow[]): readonly Window[] => stored.map(({ window }) => window);

/** A fixed performance must be there, and short enough. */
async function refuseUnknownPerformance(
  { performance, limitMinutes }: Window,
  backend: Backend,
): Promise<void> {
  if (performance === 'today') return;
  const stored = await backend.performances.get(performance);
  if (!stored) {
    const newest = (await backend.performances.list())[0];
    const instead = newest ? `the newest is ${newest}` : 'there is none yet: give --performance today';
    throw new CliError(
      'notFound',
      'no_performance',
      `there is no performance of ${performance} in ${backend.name}; ${instead}`,
    );
  }
  const minutes = stored.record.durationMs / 60_000;
  if (minutes > limitMinutes) {
    const needed = Math.ceil(minutes);
    throw new CliError(
      'usage',
      'too_long',
      `the performance of ${performance} lasts ${minutes.toFixed(1)} minutes, the window's limit is ${limitMinutes}: give --limit ${needed}`,
    );
  }
}

const EXIT_OF: Readonly<Record<Refusal['refused'], ExitName>> = {
  gap: 'usage',
  never: 'usage',
  overlap: 'conflict',
  stale: 'conflict',
  'under way': 'conflict',
  'on air': 'conflict',
  unknown: 'notFound',
};

const refusal = (refused: Refusal, window: Pick<Window, 'id' | 'timeZone'>): CliError =>
  new CliError(EXIT_OF[refused.refused], refused.refused.replace(' ', '_'), describeRefusal(refused, window));
