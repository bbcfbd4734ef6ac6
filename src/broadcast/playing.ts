import type {
  Attempt,
  BroadcastRecords,
  Broadcasts,
  Clock,
  Connections,
  Log,
  Performances,
} from '../ports.ts';
import type { Audience } from './audience.ts';
import type { Crowd, CrowdPorts } from './crowd.ts';
import type { SiteChunks, SitePorts } from './fetching/site-chunks.ts';
import type { BroadcastHash } from './hash.ts';
import type { Timelines } from './timelines.ts';

/** What a broadcaster needs of the world, and how it may end. */
export type BroadcastPorts = {
  readonly broadcasts: Broadcasts;
  readonly performances: Performances;
  readonly timelines: Timelines;
  readonly connections: Connections;
  readonly post: Attempt;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps the record of a broadcast that is over; where none is given, nothing is kept. */
  readonly keepRecord?: BroadcastRecords['put'];
  /** Where this process is cut off: at which instant, and how a fresh one is started to go on. */
  readonly limit?: { readonly at: number; handOver(broadcastId: string): Promise<void> };
  /** Called once, as doors open; not waited for. */
  readonly onDoors?: () => Promise<void>;
  /** How listeners are shared with helpers where there are many; where not given, one process posts to all of them. */
  readonly crowd?: CrowdPorts;
  /** How chunks are fetched by a crowd beyond the station's rate; where not given, they are posted to everybody. */
  readonly fetching?: SitePorts;
  /** Whether to wait out the lease of another broadcaster, who may have died; true where not given. */
  readonly patient?: boolean;
};

/** The ports of one that has the lease, and what it remembers. */
export type Playing = Omit<BroadcastPorts, 'crowd'> & {
  readonly audience: Audience;
  /** null: all listeners are ours. */
  readonly crowd: Crowd | null;
  readonly hash: BroadcastHash;
  /** null: chunks are posted to everybody. */
  readonly siteChunks: SiteChunks | null;
};

/**
 * `elsewhere`: another broadcaster is at work; `superseded`: another took over; `handed over`: another was asked to;
 * `silent`: nothing to play.
 */
export type Outcome =
  | 'ended'
  | 'silent'
  | 'stopped'
  | 'cancelled'
  | 'elsewhere'
  | 'superseded'
  | 'handed over'
  | 'unknown';
