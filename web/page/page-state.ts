/** What is printed on the page, from what it knows. What was, what is and what will be have places of their own. */
import type { Hello } from '../../src/wire.ts';
import { minutesText, ownTitle } from '../../src/words.ts';
import { words } from '../language/words.ts';
import { dateText, heardText, listText } from '../language/written.ts';
import { type Facts, JOINABLE, RESTING, type StateName } from './facts.ts';
import { CLOSING_MS, END_MS, LEADER_MS, RESTING_MS } from './moments.ts';
import { statusOf } from './status.ts';
import { tabText } from './tab.ts';
import { beThereText, countdownText, dayAndTime, hearText, playedText, zoneText } from './words.ts';

export type { Facts, StateName } from './facts.ts';

/** When the next performance is. */
export type Will = { readonly title: string; readonly zone: string; readonly countdown: string };

export type PageState = {
  readonly name: StateName;
  /** On the paper's label: what is, or, while nothing is, what was. */
  readonly kicker: string;
  readonly title: string;
  readonly subtitle: string;
  readonly countdown: string;
  readonly elapsed: string;
  /** What will be; null while something is, and where nothing is planned. */
  readonly will: Will | null;
  /** For the status line: changes rarely, as it is read out. */
  readonly status: string;
  /** What the button says by which one is in. */
  readonly join: string;
  readonly canJoin: boolean;
  /** What the button says that plays the last roll; '' where there is none, or something else plays. */
  readonly hear: string;
  /** For the tab's title. */
  readonly tab: string;
};

export function pageState(facts: Facts): PageState {
  const name = nameOf(facts);
  const will = RESTING.has(name) ? willBe(facts) : null;
  const label = labelOf(name, facts);
  const { last, serverNow, timeZone, hasAudio } = facts;
  const canJoin = hasAudio && JOINABLE.has(name);
  return {
    name,
    ...label,
    will,
    status: statusOf(name, facts),
    join: joinText(name, facts),
    canJoin,
    hear:
      RESTING.has(name) && last && hasAudio
        ? listText([hearText(last, serverNow, timeZone), minutesText(last.durationMs)])
        : '',
    tab: tabText(name, { ...label, will, joined: facts.joined, encore: facts.hello?.encore ?? false }),
  };
}

type Label = Pick<PageState, 'kicker' | 'title' | 'subtitle' | 'countdown' | 'elapsed'>;
const BLANK: Label = { kicker: '', title: '', subtitle: '', countdown: '', elapsed: '' };

/** Its length is known once the whole of it is there. */
const composed = (hello: Facts['hello']): boolean => (hello?.durationMs ?? null) !== null;

function labelOf(name: StateName, facts: Facts): Label {
  const { hello, position, last } = facts;
  const date = hello?.performance ? dateText(hello.performance) : '';
  const title = titleText(hello);
  switch (name) {
    case 'outdated':
      return { ...BLANK, title: words.edition, subtitle: words.editionWhy };
    case 'doors':
      return {
        ...BLANK,
        kicker: hello?.encore ? words.encore : words.doors,
        title: date || words.tonight,
        subtitle: hello?.encore ? words.encoreWhy : composed(hello) ? words.forToday : '',
        countdown: countdownText(-(position ?? 0)),
      };
    case 'leader':
      return {
        ...BLANK,
        kicker: hello?.encore ? words.encore : title ? date : words.todaysRoll,
        title: title || date,
        subtitle: hello?.encore ? words.encoreWhy : words.hungIn,
        countdown: countdownText(-(position ?? 0)),
      };
    case 'start':
      return { ...BLANK, kicker: hello?.encore ? words.encore : words.moment, title: title || date };
    case 'live':
      return {
        ...BLANK,
        kicker: hello?.encore ? words.encoreOf(date) : words.live,
        title: title || date,
        elapsed: elapsedText(position ?? 0, hello?.durationMs ?? null),
      };
    case 'closing':
      return { ...BLANK, title: title || date };
    case 'end':
      return { ...BLANK, kicker: date, title: words.end, subtitle: title };
    case 'composing':
      // Beside a roll that was played it is news; on a station that has none it is all there is.
      return last ? playedLabel(facts) : composingLabel(hello);
    case 'loading':
    case 'waiting':
    case 'ended':
    case 'stopped':
    case 'silent':
    case 'offline':
      return last ? playedLabel(facts) : { ...BLANK, ...nothingYet(name) };
  }
}

/** Where no day has been published. */
function nothingYet(name: StateName): Partial<Label> {
  if (name === 'waiting') return { title: words.nothingYet, subtitle: words.stillBlank };
  if (name === 'ended') return { title: words.end };
  if (name === 'stopped') return { title: words.stopped };
  if (name === 'silent') return { title: words.silentDay };
  return { title: name === 'offline' ? words.outOfReach : 'Pianola' };
}

function playedLabel({ last, timeZone }: Facts): Label {
  if (!last) return BLANK;
  return {
    ...BLANK,
    kicker: words.playedLast,
    title: words.title(last.title) || dateText(last.id),
    subtitle: listText([playedText(last, timeZone), minutesText(last.durationMs), heardText(last.heard)]),
  };
}

function composingLabel(hello: Hello | null): Label {
  const part = hello?.composing?.part ?? 0;
  return {
    ...BLANK,
    kicker: words.first,
    title: words.composed,
    subtitle: words.soon,
    countdown: words.percent(part),
  };
}

function nameOf({ hello, connection, outdated, position, hasNotes }: Facts): StateName {
  if (outdated) return 'outdated';
  if (!hello) return connection === 'lost' || connection === 'restarting' ? 'offline' : 'loading';
  const sinceEndMs = position === null || hello.durationMs === null ? null : position - hello.durationMs;
  const isOver = sinceEndMs !== null && sinceEndMs >= 0;
  // Who comes after the last note has no roll of it, and nothing decays there.
  const closing = isOver && sinceEndMs < CLOSING_MS && hasNotes;
  const justOver = sinceEndMs !== null && sinceEndMs < CLOSING_MS + END_MS && hasNotes;
  switch (hello.state) {
    case 'scheduled':
      return hello.composing ? 'composing' : 'waiting';
    case 'doors':
      // The music begins by the clock; that the server says so may come a moment later.
      if (position === null || position < LEADER_MS || !hello.performance) return 'doors';
      if (position < RESTING_MS) return 'leader';
      return position < 0 ? 'start' : 'live';
    case 'live':
      if (isOver && !hasNotes) return 'ended';
      return closing ? 'closing' : 'live';
    case 'ended':
      if (!hello.performance) return 'silent';
      return closing ? 'closing' : justOver ? 'end' : 'ended';
    case 'stopped':
    case 'cancelled':
      return 'stopped';
  }
}

function willBe({ hello, serverNow, timeZone, stationZone = null }: Facts): Will | null {
  const next = hello?.next ?? null;
  // What is composed for the first time is played at once, not at the next window's hour.
  if (next === null || serverNow === null || hello?.composing) return null;
  return {
    title: dayAndTime(next, serverNow, timeZone),
    zone: zoneText(next, timeZone, stationZone),
    countdown: countdownText(next - serverNow),
  };
}

function joinText(name: StateName, { hello, serverNow, timeZone }: Facts): string {
  if (!RESTING.has(name)) return words.join;
  const next = hello?.next ?? null;
  if (next === null || serverNow === null || hello?.composing) return words.beThereAnyway;
  return beThereText(next, serverNow, timeZone);
}

/** The piece's own title; '' where it has none, or only its date again. */
const titleText = (hello: Hello | null): string =>
  hello?.title && hello.performance
    ? words.title(ownTitle({ id: hello.performance, title: hello.title }))
    : '';

const elapsedText = (position: number, durationMs: number | null): string =>
  durationMs === null
    ? minutesText(position)
    : `${minutesText(Math.min(position, durationMs))} / ${minutesText(durationMs)}`;
