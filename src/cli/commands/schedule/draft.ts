import { randomInt } from 'node:crypto';
import {
  DEFAULT_LIMIT_MINUTES,
  type Rule,
  resolveOnce,
  type SkyEvent,
  type Window,
  wallIn,
} from '../../../schedule/index.ts';
import { CliError } from '../../terminal/output.ts';

/** What `schedule add` and `schedule edit` may say of a window. */
export type WindowOptions = {
  at?: string;
  on?: number[];
  cron?: string;
  once?: string;
  sky?: SkyEvent;
  lat?: number;
  lon?: number;
  tz?: string;
  limit?: number;
  firstDate?: string | null;
  lastDate?: string | null;
  title?: string;
  performance?: string;
  priority?: number;
};

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const usage = (message: string) => new CliError('usage', 'usage', message);

/**
 * A window from its options; from an earlier version where one is edited.
 * @param stationZone where no zone is given
 */
export function draftWindow(options: WindowOptions, stationZone: string, before?: Window): Window {
  const timeZone = options.tz ?? before?.timeZone ?? stationZone;
  const rule = draftRule(options, timeZone, before?.rule);
  const title = options.title ?? before?.title ?? '';
  const firstDate = options.firstDate === undefined ? (before?.firstDate ?? null) : options.firstDate;
  const lastDate = options.lastDate === undefined ? (before?.lastDate ?? null) : options.lastDate;
  if (firstDate !== null && lastDate !== null && firstDate > lastDate) {
    throw usage(`the first date ${firstDate} lies after the last date ${lastDate}: swap them`);
  }
  return {
    schema: 1,
    id: before?.id ?? newId(title, rule),
    title,
    rule,
    timeZone,
    limitMinutes: options.limit ?? before?.limitMinutes ?? DEFAULT_LIMIT_MINUTES,
    firstDate,
    lastDate,
    performance: options.performance ?? before?.performance ?? 'today',
    priority: options.priority ?? before?.priority ?? 0,
  };
}

function draftRule(options: WindowOptions, timeZone: string, before?: Rule): Rule {
  const { at, on, cron, once, sky, lat, lon } = options;
  const kinds = [at, cron, once, sky].filter((kind) => kind !== undefined);
  if (kinds.length > 1) throw usage('--at, --cron, --once and --sky exclude each other: give one of them');
  if (kinds.length === 0 && !before) {
    throw usage('say when: --at 20:00, --cron "0 20 * * fri", --once 2026-12-24T18:00 or --sky sunset');
  }
  const daily = before?.kind === 'daily' && kinds.length === 0;
  if (on && at === undefined && !daily) throw usage('--on goes with --at: give the time of day too');
  const skyStays = before?.kind === 'sky' && kinds.length === 0;
  if ((lat !== undefined || lon !== undefined) && sky === undefined && !skyStays) {
    throw usage('--lat and --lon go with --sky: give the event too');
  }
  if (at !== undefined || (daily && on)) {
    const stored = before?.kind === 'daily' ? before : null;
    return { kind: 'daily', at: at ?? stored!.at, days: on ?? stored?.days ?? EVERY_DAY };
  }
  if (cron !== undefined) return { kind: 'cron', expression: cron };
  if (once !== undefined) return { kind: 'once', at: onWallOf(once, timeZone) };
  if (sky !== undefined || skyStays) {
    const stored = before?.kind === 'sky' ? before : null;
    const event = sky ?? stored!.event;
    const latitude = lat ?? stored?.latitude;
    const longitude = lon ?? stored?.longitude;
    // The phases of the moon come at one instant for the whole earth.
    if (event.endsWith('moon'))
      return { kind: 'sky', event, latitude: latitude ?? 0, longitude: longitude ?? 0 };
    if (latitude === undefined || longitude === undefined) {
      throw usage(
        `--sky ${event} needs a place: give --lat and --lon in degrees, like --lat 52.52 --lon 13.40`,
      );
    }
    return { kind: 'sky', event, latitude, longitude };
  }
  return before!;
}

/** What the clocks of the zone show at an instant given with an offset. */
function onWallOf(once: string, timeZone: string): string {
  if (/T\d{2}:\d{2}$/.test(once)) return once;
  const instant = Date.parse(once);
  const wall = wallIn(timeZone, instant);
  const resolved = resolveOnce(wall, timeZone);
  if (resolved.kind === 'overlap' && resolved.second === instant) {
    throw usage(`${wall} comes twice in ${timeZone}, and only the first can be had: give another time`);
  }
  return wall;
}

/** Readable, and never given twice: a broadcast is named after its window. */
function newId(title: string, rule: Rule): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30);
  const kind = rule.kind === 'sky' ? rule.event : rule.kind;
  const suffix = Array.from({ length: 5 }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[randomInt(31)]).join('');
  return `${words || kind}-${suffix}`;
}
