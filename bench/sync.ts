import { seededRandom } from '../src/music/random.ts';
import { timeline } from '../src/music/timeline.ts';
import { scale } from '../tests/support/music.ts';
import { quantile } from './sync/path.ts';
import { type Errors, ESTIMATORS, LENGTH_MS, type Station, type Visit, visit } from './sync/visit.ts';

/**
 * How far apart pages are, whose clocks are shifted and drift by up to 40 ppm, each on a path of its own, over a
 * quarter of an hour of simulated time: `npm run bench -- sync --json`.
 *
 * A path that is slower up than down shifts a page's clock by half the difference, and no exchange of messages can
 * tell. That part is taken out of the skews and errors, and stands apart (`asymmetryBoundP95Ms`); `withAsymmetry`
 * holds them as they are heard. Half of Lambda's delay shifts every page alike where the server's stamp comes after
 * it: it is part of the absolute error, and of no skew but for its variation.
 */
const PAGES = 200;
/** `--pages 20` takes a tenth of the time; `--seed 1000` gives other paths, to try changes on, lest they fit these. */
const SEED = 20_261_121;
const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
/**
 * How far the clocks of a site's edges may be off, ms: not at all, by what a server's is, by far too much. A page believes them as to how
 * fast its own runs, not as to how late it is, so only what changes while it listens counts: each of them is off by something else
 * after each minute without a question, and after one question in twenty.
 */
const SITE_OFF_MS = [0, 3, 10] as const;
/** The one that is to hold. */
const SITE_OFF_HELD = 3;
/** Where connections are not kept from one question to the next. */
const SITE_NOT_KEPT_MS = 20_000;
/** A bad quartz: what a phone's may be off by when it is hot, or cold. */
const PHONE_PPM = 100;
/** Of these so many are looked at, at most. */
const FEW_PAGES = 60;
/** Each page is compared with as many others. */
const NEIGHBOURS = 10;

const TARGETS = { pairSkewP95Ms: 4, pairSkewP99Ms: 7, messagesPerListenerHour: 465 };

export async function run(pages = option('--pages', PAGES), seed = option('--seed', SEED)): Promise<object> {
  const late = measure(pages, seed, { gatewayStamp: false, siteOffMs: null });
  const early = measure(pages, seed, { gatewayStamp: true, siteOffMs: null });
  const site = SITE_OFF_MS.map((siteOffMs) => ({
    siteOffMs,
    ...aided(measure(pages, seed, { gatewayStamp: false, siteOffMs })),
  }));
  const few = (station: Omit<Station, 'gatewayStamp'>) =>
    aided(measure(Math.min(FEW_PAGES, pages), seed, { ...station, gatewayStamp: false }));
  const both = (station: Omit<Station, 'gatewayStamp' | 'siteOffMs'>) => ({
    pingsAlone: few({ ...station, siteOffMs: null }),
    withSiteClock: few({ ...station, siteOffMs: SITE_OFF_HELD }),
  });
  const { pianola, ...peers } = late.estimators;
  const figures = { ...pianola!, messagesPerListenerHour: late.messagesPerListenerHour };
  return {
    bench: 'sync',
    pages,
    seed,
    simulatedMinutes: LENGTH_MS / 60_000,
    ...figures,
    asymmetryBoundP95Ms: late.asymmetryBoundP95Ms,
    withAsymmetry: late.withAsymmetry,
    peers,
    // The same with the server's stamp taken before its function starts, as API Gateway is expected to.
    gatewayStamp: early.estimators,
    // Where the site has a clock of its own, which is asked instead of most pings.
    withSiteClock: site,
    few: {
      pages: Math.min(FEW_PAGES, pages),
      connectionsNotKept: few({ siteOffMs: SITE_OFF_HELD, siteKeptMs: SITE_NOT_KEPT_MS }),
      drift100ppm: both({ driftPpm: PHONE_PPM }),
      inTheBackground: both({ hidden: true }),
    },
    targets: TARGETS,
    met: [figures, ...site.filter(({ siteOffMs }) => siteOffMs <= SITE_OFF_HELD)].every((each) =>
      Object.entries(TARGETS).every(([name, most]) => each[name as keyof typeof TARGETS] <= most),
    ),
  };
}

function aided({ estimators, ...counted }: ReturnType<typeof measure>) {
  const { messagesPerListenerHour, downstreamPerListenerHour, asksPerListenerHour } = counted;
  return { ...estimators.pianola!, messagesPerListenerHour, downstreamPerListenerHour, asksPerListenerHour };
}

function measure(pages: number, seed: number, station: Station) {
  const music = timeline(scale(LENGTH_MS, 1_000));
  const visits = Array.from({ length: pages }, (_, i) => visit(music, seededRandom(seed + i), station));
  const most = (of: (visit: Visit) => number) =>
    Math.round(Math.max(...visits.map((each) => (of(each) / each.seconds) * 3_600)));
  return {
    estimators: Object.fromEntries(ESTIMATORS.map((name) => [name, judge(visits, name, true)])),
    withAsymmetry: judge(visits, 'pianola', false),
    asymmetryBoundP95Ms: round(
      quantile(
        pairs(visits).map(([a, b]) => Math.abs(a.asymmetryMs - b.asymmetryMs)),
        0.95,
      ),
    ),
    messagesPerListenerHour: most(({ messages }) => messages),
    downstreamPerListenerHour: most(({ downstream }) => downstream),
    asksPerListenerHour: most(({ asks }) => asks),
  };
}

function judge(visits: readonly Visit[], name: keyof Errors, without: boolean) {
  const errorOf = ({ errors, asymmetryMs }: Visit, i: number) =>
    errors[name][i]! - (without ? asymmetryMs : 0);
  const readings = visits[0]!.errors[name].length;
  const each = Array.from({ length: readings }, (_, i) => i);
  const skews = pairs(visits).flatMap(([a, b]) =>
    each.map((i) => Math.abs(errorOf(a, i) - errorOf(b, i))).filter(known),
  );
  const absolute = visits.flatMap((one) => each.map((i) => Math.abs(errorOf(one, i))).filter(known));
  return {
    pairSkewP50Ms: round(quantile(skews, 0.5)),
    pairSkewP95Ms: round(quantile(skews, 0.95)),
    pairSkewP99Ms: round(quantile(skews, 0.99)),
    absoluteErrorP95Ms: round(quantile(absolute, 0.95)),
  };
}

const pairs = <T>(all: readonly T[]): [T, T][] =>
  all.flatMap((one, i) =>
    Array.from({ length: NEIGHBOURS }, (_, k): [T, T] => [one, all[(i + k + 1) % all.length]!]),
  );

/** A page that has no estimate yet does not play. */
const known = (error: number): boolean => !Number.isNaN(error);

const round = (ms: number): number => Math.round(ms * 100) / 100;
