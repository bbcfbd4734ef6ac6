import { bothClocks } from './clock-changes.ts';
import type { LeftOut } from './upcoming.ts';
import { type Rule, WEEKDAYS, type Window } from './window.ts';

/** A rule in words: `every day at 20:00`. */
export function describeRule(rule: Rule): string {
  switch (rule.kind) {
    case 'once':
      return `once, ${rule.at.replace('T', ' ')}`;
    case 'daily': {
      const days = [...rule.days].sort((a, b) => a - b).map((day) => WEEKDAYS[day - 1]);
      return `${days.length === 7 ? 'every day' : days.join(', ')} at ${rule.at}`;
    }
    case 'cron':
      return `cron ${rule.expression}`;
    case 'sky': {
      const place = `${Math.abs(rule.latitude)}°${rule.latitude < 0 ? 'S' : 'N'} ${Math.abs(rule.longitude)}°${rule.longitude < 0 ? 'W' : 'E'}`;
      return rule.event.endsWith('moon')
        ? `every ${rule.event.replace('-', ' ')}`
        : `every ${rule.event} at ${place}`;
    }
  }
}

export type Difference = { readonly field: string; readonly stored: string; readonly yours: string };

/** Field by field, what differs between a stored window and another wish for it. */
export function differences(stored: Window, yours: Window): readonly Difference[] {
  const fields: [string, (window: Window) => string][] = [
    ['rule', (window) => describeRule(window.rule)],
    ['title', (window) => window.title],
    ['time zone', (window) => window.timeZone],
    ['limit', (window) => `${window.limitMinutes} minutes`],
    ['first date', (window) => window.firstDate ?? 'none'],
    ['last date', (window) => window.lastDate ?? 'none'],
    ['performance', (window) => window.performance],
    ['priority', (window) => String(window.priority)],
  ];
  return fields
    .map(([field, of]) => ({ field, stored: of(stored), yours: of(yours) }))
    .filter(({ stored, yours }) => stored !== yours);
}

/** What priorities leave out in the next 400 days, a line for each two windows that meet. */
export function describeLeftOut(leftOut: readonly LeftOut[]): readonly string[] {
  const pairs = new Map<string, LeftOut[]>();
  for (const each of leftOut) {
    const pair = `${each.occurrence.window} ${each.by.window}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), each]);
  }
  return [...pairs.values()].map((all) => {
    const { occurrence, by } = all[0]!;
    const often = all.length === 1 ? 'once' : `${all.length} times`;
    return (
      `${occurrence.window} is left out ${often} in the next 400 days, where ${by.window} goes before it: ` +
      `${all.length === 1 ? '' : 'first '}${bothClocks(occurrence.timeZone, occurrence.startsAt)}`
    );
  });
}
