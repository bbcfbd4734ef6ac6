import type { Hello } from '../../src/wire.ts';
import type { ConnectionState } from '../listener/connection.ts';
import { CLOSING_MS, END_MS, LEADER_MS, RESTING_MS } from './moments.ts';
import { countdownText, dateIn, dateText, dayAndTime, minutesText, zoneText } from './words.ts';

/** What the page looks like; the stylesheet knows each by this name. */
export type StateName =
  | 'loading'
  | 'waiting'
  | 'doors'
  | 'leader'
  | 'start'
  | 'live'
  | 'closing'
  | 'end'
  | 'ended'
  | 'stopped'
  | 'silent'
  | 'offline'
  | 'outdated';

export type Facts = {
  readonly hello: Hello | null;
  readonly connection: ConnectionState;
  readonly outdated: boolean;
  /** By the server's clock, epoch ms; null while it is unknown. */
  readonly serverNow: number | null;
  /** From T0, ms; null while it is unknown. */
  readonly position: number | null;
  /** Music that is received and not yet played, ms. */
  readonly inHandMs: number;
  readonly here: number | null;
  /** The music of the last while in words, once there was some. */
  readonly caption: string | null;
  /** How the day was made, once it is public. */
  readonly colophon: string | null;
  readonly joined: boolean;
  readonly hasAudio: boolean;
  /** Something that the visitor has to know, before all else. */
  readonly notice?: string | null;
  /** IANA; the visitor's own where it is absent. */
  readonly timeZone?: string;
  /** The station's, once it is known. */
  readonly stationZone?: string | null;
};

/** What is printed on the page. */
export type PageState = {
  readonly name: StateName;
  readonly kicker: string;
  readonly title: string;
  readonly subtitle: string;
  readonly countdown: string;
  readonly elapsed: string;
  /** For the status line: changes rarely, as it is read out. */
  readonly status: string;
  readonly canJoin: boolean;
};

const ENCORE_TEXT = 'Played before; there is no new piece today.';

const JOINABLE: ReadonlySet<StateName> = new Set(['waiting', 'doors', 'leader', 'start', 'live', 'closing']);

export function pageState(facts: Facts): PageState {
  const { hello, position } = facts;
  const name = nameOf(facts);
  const date = hello?.performance ? dateText(hello.performance) : '';
  const title = titleText(hello);
  const until = untilNext(facts);
  const printed = {
    name,
    kicker: '',
    title: '',
    subtitle: '',
    countdown: '',
    elapsed: '',
    status: statusOf(name, facts),
    canJoin: facts.hasAudio && JOINABLE.has(name),
  };
  switch (name) {
    case 'loading':
      return { ...printed, title: 'Pianola' };
    case 'offline':
      return { ...printed, title: 'Out of reach', subtitle: 'The station does not answer. Still trying.' };
    case 'outdated':
      return { ...printed, title: 'A new edition', subtitle: 'This page has become older than the station.' };
    case 'waiting':
      return until
        ? { ...printed, kicker: 'Next performance', ...until }
        : { ...printed, title: 'Nothing planned', subtitle: 'The station has no coming performance.' };
    case 'doors':
      return {
        ...printed,
        kicker: hello?.encore ? 'Encore' : 'Doors are open',
        title: date || 'Tonight',
        subtitle: hello?.encore ? ENCORE_TEXT : 'Composed for today.',
        countdown: countdownText(-(position ?? 0)),
      };
    case 'leader':
      return {
        ...printed,
        kicker: hello?.encore ? 'Encore' : title ? date : 'Today’s roll',
        title: title || date,
        subtitle: hello?.encore ? ENCORE_TEXT : 'Hung in; it begins by itself.',
        countdown: countdownText(-(position ?? 0)),
      };
    case 'start':
      return { ...printed, kicker: hello?.encore ? 'Encore' : 'In a moment', title: title || date };
    case 'live':
      return {
        ...printed,
        kicker: hello?.encore ? `Encore of ${date}` : 'Live',
        title: title || date,
        elapsed: elapsedText(position ?? 0, hello?.durationMs ?? null),
      };
    case 'closing':
      return { ...printed, title: title || date };
    case 'end':
      return { ...printed, kicker: date, title: 'End', subtitle: title };
    case 'ended':
      return {
        ...printed,
        kicker: title ? `${title}, ${date}` : date,
        ...(until
          ? { ...until, subtitle: `${goesOn(facts) ? 'Begins where this ended; ' : ''}${until.subtitle}.` }
          : { title: 'End', subtitle: 'The station has no coming performance.' }),
      };
    case 'stopped':
      return {
        ...printed,
        kicker: date,
        title: 'Stopped',
        subtitle: `The performance was ended early.${until ? ` ${nextSentence(until)}` : ''}`,
      };
    case 'silent':
      return {
        ...printed,
        title: 'A silent day',
        subtitle: `No piece was composed, and none is passed off as new.${until ? ` ${nextSentence(until)}` : ''}`,
      };
  }
}

function nameOf({ hello, connection, outdated, position }: Facts): StateName {
  if (outdated) return 'outdated';
  if (!hello) return connection === 'lost' ? 'offline' : 'loading';
  const sinceEndMs = position === null || hello.durationMs === null ? null : position - hello.durationMs;
  const closing = sinceEndMs !== null && sinceEndMs >= 0 && sinceEndMs < CLOSING_MS;
  const justOver = sinceEndMs !== null && sinceEndMs < CLOSING_MS + END_MS;
  switch (hello.state) {
    case 'scheduled':
      return 'waiting';
    case 'doors':
      // The music begins by the clock; that the server says so may come a moment later.
      if (position === null || position < LEADER_MS || !hello.performance) return 'doors';
      if (position < RESTING_MS) return 'leader';
      return position < 0 ? 'start' : 'live';
    case 'live':
      return closing ? 'closing' : 'live';
    case 'ended':
      if (!hello.performance) return 'silent';
      return closing ? 'closing' : justOver ? 'end' : 'ended';
    case 'stopped':
    case 'cancelled':
      return 'stopped';
  }
}

type Until = { readonly title: string; readonly subtitle: string; readonly countdown: string };

function untilNext({ hello, serverNow, timeZone, stationZone = null }: Facts): Until | null {
  const next = hello?.next ?? null;
  if (next === null || serverNow === null) return null;
  return {
    title: dayAndTime(next, serverNow, timeZone),
    subtitle: zoneText(next, timeZone, stationZone),
    countdown: countdownText(next - serverNow),
  };
}

/** Whether another day comes: a day that is played twice begins where it began. */
const goesOn = ({ hello, stationZone = null }: Facts): boolean =>
  hello?.next != null &&
  hello.performance !== null &&
  dateIn(hello.next, stationZone ?? 'UTC') > hello.performance;

/** The piece's own title; '' where it has none, or only its date again. */
const titleText = (hello: Hello | null): string =>
  hello?.title && hello.performance && !hello.title.includes(hello.performance) ? hello.title : '';

const nextSentence = ({ title, subtitle }: Until): string => `Next: ${title}, ${subtitle}.`;

const elapsedText = (position: number, durationMs: number | null): string =>
  durationMs === null
    ? minutesText(position)
    : `${minutesText(Math.min(position, durationMs))} / ${minutesText(durationMs)}`;

/** One sentence for ears as well as eyes. */
function statusOf(
  name: StateName,
  { hello, connection, inHandMs, here, caption, colophon, notice, joined, hasAudio }: Facts,
): string {
  if (name === 'outdated') return 'Reload the page to go on.';
  if (notice) return notice;
  if (connection === 'lost' && hello) {
    return name === 'live' && inHandMs > 0
      ? 'Connection lost. Playing on from what has arrived; trying to reconnect.'
      : 'Connection lost. Trying to reconnect.';
  }
  if (!hasAudio) return 'This browser has no Web Audio: you can watch the roll, but not hear it.';
  if (name === 'closing' || name === 'end') return '';
  if (name === 'ended') return colophon ?? '';
  if (name === 'live') {
    if (joined && caption) return caption;
    const others = here === null ? '' : here === 1 ? ' One listener.' : ` ${here} listeners.`;
    return joined
      ? `You are hearing it live.${others}`
      : `It is playing now.${others} Press Space or Join to hear it.`;
  }
  if (JOINABLE.has(name)) {
    return joined ? 'You are in. It begins by itself.' : 'Everyone hears the same note at the same moment.';
  }
  return name === 'loading' ? 'Connecting.' : '';
}
