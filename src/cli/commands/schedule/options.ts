/** Parsers of the options that describe a window: each says what is wrong, and what to give instead. */
import { InvalidArgumentError } from 'commander';
import {
  canonicalCase,
  HIGHEST_PRIORITY,
  isTimeZone,
  LONGEST_LIMIT_MINUTES,
  nearestTimeZone,
  parseCron,
  parseWeekdays,
  SKY_EVENTS,
  type SkyEvent,
} from '../../../schedule/index.ts';
import { isDate } from '../../terminal/options.ts';

export function timeZoneOption(text: string): string {
  if (isTimeZone(text)) return canonicalCase(text);
  throw new InvalidArgumentError(
    `There is no such time zone; the nearest is ${nearestTimeZone(text)}. Give an IANA name like Europe/Berlin.`,
  );
}

export function timeOfDayOption(text: string): string {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) {
    throw new InvalidArgumentError('Give a time of day from 00:00 to 23:59.');
  }
  return `${hour.padStart(2, '0')}:${minute}`;
}

/** `fri,sun` or `mon-fri` as ISO weekdays, 1 is Monday. */
export function daysOption(text: string): number[] {
  const days = parseWeekdays(text);
  if ('problem' in days) {
    throw new InvalidArgumentError(`Here ${days.problem}. Give weekdays like fri, mon,wed,fri or mon-fri.`);
  }
  return [...days];
}

export function cronOption(text: string): string {
  const cron = parseCron(text);
  if ('problem' in cron) throw new InvalidArgumentError(`As a cron expression ${cron.problem}.`);
  return text.trim().split(/\s+/).join(' ');
}

/** A date and time on the clocks of the window's zone, or an instant with an offset, which the zone then shows its own way. */
export function onceOption(text: string): string {
  const [, date, time, offset] =
    /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00(?:\.0+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  if (!date || !time || !isDate(date) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    throw new InvalidArgumentError(
      'Give a date and a time to the minute like 2026-12-24T18:00, as the clocks of --tz show it.',
    );
  }
  return `${date}T${time}${offset ?? ''}`;
}

export function skyOption(text: string): SkyEvent {
  const event = SKY_EVENTS.find((candidate) => candidate === text.toLowerCase());
  if (!event) throw new InvalidArgumentError(`Give one of ${SKY_EVENTS.join(', ')}.`);
  return event;
}

const degrees = (most: number, positive: string) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !(Math.abs(value) <= most)) {
    throw new InvalidArgumentError(`Give degrees from -${most} to ${most}, ${positive} is positive.`);
  }
  return value;
};
export const latitudeOption = degrees(90, 'north');
export const longitudeOption = degrees(180, 'east');

export function limitOption(text: string): number {
  const minutes = Number(text);
  if (text.trim() === '' || !(minutes >= 1 && minutes <= LONGEST_LIMIT_MINUTES)) {
    throw new InvalidArgumentError(`Give minutes from 1 to ${LONGEST_LIMIT_MINUTES}.`);
  }
  return minutes;
}

export function priorityOption(text: string): number {
  const priority = Number(text);
  if (text.trim() === '' || !Number.isInteger(priority) || Math.abs(priority) > HIGHEST_PRIORITY) {
    throw new InvalidArgumentError(
      `Give a whole number from -${HIGHEST_PRIORITY} to ${HIGHEST_PRIORITY}; 0 is usual.`,
    );
  }
  return priority;
}

/** A date, or `none` to take a bound away. */
export function boundOption(text: string): string | null {
  if (text === 'none') return null;
  if (!isDate(text)) throw new InvalidArgumentError('Give a date as YYYY-MM-DD, like 2026-12-24, or none.');
  return text;
}

export function performanceOption(text: string): string {
  if (text !== 'today' && !isDate(text)) {
    throw new InvalidArgumentError('Give today, or the date of a performance as YYYY-MM-DD.');
  }
  return text;
}

const LONGEST_TITLE = 100;
export function titleOption(text: string): string {
  // Controls could forge lines, or turn them round, on the terminals of others.
  if (text.length > LONGEST_TITLE || /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u.test(text)) {
    throw new InvalidArgumentError(`Give one line of at most ${LONGEST_TITLE} characters.`);
  }
  return text;
}

export function versionOption(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError('Give the version that pianola schedule show prints, like 3.');
  }
  return Number(text);
}

/** An instant: ISO 8601 with an offset, or a date, which begins at 00:00 UTC. */
export function instantOption(text: string): number {
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const at = iso && isDate(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(at)) {
    throw new InvalidArgumentError('Give a date, or an instant with its offset like 2026-12-24T18:00:00Z.');
  }
  return at;
}
