/** What the page knows, from which everything that it prints follows. */
import type { Hello } from '../../src/wire.ts';
import type { ConnectionState } from '../listener/connection.ts';

/** The last piece that was played, as far as it is published. */
export type Played = {
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly heard: number | null;
  /** Epoch ms; null where nobody noted it. */
  readonly playedAt: number | null;
};

export type Facts = {
  readonly hello: Hello | null;
  readonly connection: ConnectionState;
  readonly outdated: boolean;
  /** By the server's clock, epoch ms; null while it is unknown. */
  readonly serverNow: number | null;
  /** From T0, ms; null while it is unknown. */
  readonly position: number | null;
  /** Notes of the broadcast were received: there is a roll to be seen, though its music may be over. */
  readonly hasNotes: boolean;
  /** Music that is received and not yet played, ms. */
  readonly inHandMs: number;
  /** Listeners, this page among them; null while nobody has counted. */
  readonly here: number | null;
  /** The music that plays in words, where the page has it. */
  readonly caption: string | null;
  /** null: nothing has been published yet, or nobody has answered. */
  readonly last: Played | null;
  readonly joined: boolean;
  readonly hasAudio: boolean;
  /** There is a keyboard to speak of: keys may be named. */
  readonly hasKeys: boolean;
  /** Something that the visitor has to know, before all else. */
  readonly notice?: string | null;
  /** IANA; the visitor's own where it is absent. */
  readonly timeZone?: string;
  /** The station's, once it is known. */
  readonly stationZone?: string | null;
};

/** What the page looks like; the stylesheet knows each by this name. */
export type StateName =
  | 'loading'
  | 'composing'
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

/** Nothing plays for everybody: the last roll lies on the desk, and may be played and touched. */
export const RESTING: ReadonlySet<StateName> = new Set([
  'loading',
  'composing',
  'waiting',
  'ended',
  'stopped',
  'silent',
  'offline',
]);

/** One may be in, at any hour: all that a press unlocks stays unlocked until it begins. */
export const JOINABLE: ReadonlySet<StateName> = new Set([
  'composing',
  'waiting',
  'doors',
  'leader',
  'start',
  'live',
  'closing',
  'end',
  'ended',
  'stopped',
  'silent',
]);
