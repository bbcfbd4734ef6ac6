/** What a station is told when it is opened. */
import type { Tls } from '../adapters/net/edge-server.ts';
import type { FrontConfig } from '../adapters/net/front.ts';
import type { Asset } from '../adapters/net/http.ts';
import type { Clock, Continuing, Log, Renderer, Taking } from '../ports.ts';

export type StationConfig = {
  /** Where everything is kept; one station at a time. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** What stands in front of it. */
  readonly front?: FrontConfig;
  readonly tls?: Tls | undefined;
  /** What the page consists of, by URL path. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Goes on from visitors' own music; without it nobody can ask. */
  readonly continuing?: (Continuing & Taking) | undefined;
  /** Makes days into sound; without it they have none. */
  readonly renderer?: Renderer | undefined;
  /** Who may read `/metrics`: addresses and networks; this machine, where nobody is named. */
  readonly metricsFrom?: readonly string[];
  readonly timeZone: string;
  /** `HH:MM`, every day, until an operator stores a window. */
  readonly timeOfDay: string;
  readonly log: Log;
  /** Whether pages are told of the clock at `/clock`, as on AWS they may be; there it saves messages, here nothing. */
  readonly siteClock?: boolean;
  readonly clock?: Clock;
};
