/** What a station is told when it is opened. */
import type { Tls } from '../adapters/net/edge-server.ts';
import type { FrontConfig } from '../adapters/net/front.ts';
import type { Asset } from '../adapters/net/http.ts';
import type { SitePorts } from '../broadcast/fetching/site-chunks.ts';
import type { Clock, Continuing, LiveFiles, Log, Renderer, Taking } from '../ports.ts';

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
  /** With more listeners than this chunks are fetched as files, as on AWS by crowds; where not given, they never are. */
  readonly fetchedAbove?: number | undefined;
  readonly clock?: Clock;
};

/** How chunks are fetched by a crowd, where it is said from how many on. */
export const fetchingOf = (
  { fetchedAbove: above }: Pick<StationConfig, 'fetchedAbove'>,
  files: LiveFiles,
): { readonly fetching?: SitePorts } => (above === undefined ? {} : { fetching: { files, above } });
