/** What CloudFront keeps of answers, and for how long: what they say themselves, and faults as the distribution says ("Custom error responses"). */
export type Kept = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
export type ErrorRule = {
  readonly ErrorCode: number;
  readonly ErrorCachingMinTTL?: number;
  readonly ResponseCode?: number;
  readonly ResponsePagePath?: string;
};

/** "CachingOptimized": a day where nothing is said, a second at least, a year at most. */
const DEFAULT_S = 86_400;
const LEAST_S = 1;
const MOST_S = 31_536_000;
/** Of a fault, where the distribution says nothing. */
const FAULT_S = 10;

export type EdgeCache = {
  get(path: string): Kept | null;
  put(path: string, kept: Kept): void;
  readonly hits: () => number;
};

/** @param now milliseconds */
export function edgeCache(rules: readonly ErrorRule[], now: () => number): EdgeCache {
  const all = new Map<string, { kept: Kept; until: number }>();
  let hits = 0;
  return {
    hits: () => hits,
    get(path) {
      const found = all.get(path);
      if (!found || found.until <= now()) return null;
      hits++;
      return found.kept;
    },
    put(path, kept) {
      all.set(path, { kept, until: now() + 1_000 * secondsOf(kept, rules) });
    },
  };
}

function secondsOf(
  { status, headers }: Pick<Kept, 'status' | 'headers'>,
  rules: readonly ErrorRule[],
): number {
  if (status >= 400)
    return rules.find(({ ErrorCode }) => ErrorCode === status)?.ErrorCachingMinTTL ?? FAULT_S;
  const control = headers['cache-control'] ?? '';
  if (/no-store|no-cache|private/.test(control)) return LEAST_S;
  const said = /s-maxage=(\d+)/.exec(control)?.[1] ?? /max-age=(\d+)/.exec(control)?.[1];
  return said === undefined ? DEFAULT_S : Math.min(MOST_S, Math.max(LEAST_S, Number(said)));
}
