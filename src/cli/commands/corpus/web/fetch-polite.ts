/** One request after another to a site, never more often than is allowed, each bounded in time, bytes and redirects. */
import type { Clock } from '../../../../ports.ts';

export type Got = {
  readonly bytes: Uint8Array;
  /** Where it was in the end. */
  readonly url: string;
  readonly contentType: string;
};
/** `code`: what stands in the collector's report; `reason`: a sentence. */
export type NotGot = { readonly code: string; readonly reason: string };

/** The clock, and waiting on it. */
export type Pace = Pick<Clock, 'now'> & { readonly sleep: (ms: number) => Promise<void> };

export type PoliteOptions = {
  /** Milliseconds between the beginnings of two requests, at least. */
  readonly intervalMs: number;
  /** Who asks, and where to complain. */
  readonly agent: string;
  readonly pace: Pace;
  /** Milliseconds for a whole answer. */
  readonly patienceMs?: number;
  /** Asked for every address that a redirect leads to; null: it may be fetched. */
  readonly refuses?: (url: URL) => NotGot | null;
};

const PATIENCE_MS = 30_000;
const MOST_REDIRECTS = 5;
/** A site that is too busy is asked again so often, after what it says, within bounds. */
const AGAIN = 2;
const AGAIN_MS = { usual: 10_000, most: 120_000 };

export type Polite = {
  /** @param most bytes that are read of the answer */
  get(url: string, most: number): Promise<Got | NotGot>;
  /** From now on; a site's own wish may be longer. */
  slowTo(intervalMs: number): void;
  /** That were made so far, redirects and second tries among them. */
  readonly requests: number;
};

export function polite(options: PoliteOptions): Polite {
  const { agent, pace, patienceMs = PATIENCE_MS } = options;
  let { intervalMs } = options;
  let next = Number.NEGATIVE_INFINITY;
  let requests = 0;

  async function turn(): Promise<void> {
    // Asked again: timers may come early.
    for (let wait = next - pace.now(); wait > 0; wait = next - pace.now()) await pace.sleep(wait);
    next = pace.now() + intervalMs;
    requests++;
  }

  async function once(
    url: string,
    most: number,
  ): Promise<Got | NotGot | { readonly to: string } | { readonly busyMs: number }> {
    await turn();
    const signal = AbortSignal.timeout(patienceMs);
    try {
      const headers = { 'user-agent': agent, accept: '*/*' };
      const response = await fetch(url, { redirect: 'manual', signal, headers });
      const to = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && to !== null) {
        await response.body?.cancel();
        return URL.canParse(to, url)
          ? { to: new URL(to, url).href }
          : { code: 'bad_redirect', reason: 'it leads to what is no address' };
      }
      if (response.status === 429 || response.status === 503) {
        await response.body?.cancel();
        const after = Number(response.headers.get('retry-after') ?? '');
        return { busyMs: Math.min(AGAIN_MS.most, after > 0 ? after * 1_000 : AGAIN_MS.usual) };
      }
      if (response.status !== 200) {
        await response.body?.cancel();
        return { code: `status_${response.status}`, reason: `the site answers ${response.status}` };
      }
      return await bounded(response, url, most);
    } catch (error) {
      if (signal.aborted)
        return { code: 'too_slow', reason: `it was not there within ${patienceMs / 1_000} s` };
      const { cause, message } = error as Error;
      return { code: 'unreachable', reason: (cause as Error | undefined)?.message || message };
    }
  }

  return {
    get requests() {
      return requests;
    },
    slowTo(ms) {
      intervalMs = Math.max(intervalMs, ms);
      next = Math.max(next, pace.now() + intervalMs);
    },
    async get(first, most) {
      const seen = new Set<string>();
      let tries = 0;
      for (let url = first; ; ) {
        const answer = await once(url, most);
        if ('busyMs' in answer) {
          if (tries++ === AGAIN) return { code: 'busy', reason: 'the site is too busy, also later' };
          await pace.sleep(answer.busyMs);
          continue;
        }
        if (!('to' in answer)) return answer;
        seen.add(url);
        if (seen.has(answer.to)) return { code: 'redirect_loop', reason: 'its redirects lead in a circle' };
        if (seen.size > MOST_REDIRECTS)
          return { code: 'redirects', reason: `more than ${MOST_REDIRECTS} redirects` };
        const refusal = options.refuses?.(new URL(answer.to));
        if (refusal) return refusal;
        url = answer.to;
      }
    },
  };
}

/** A gigabyte is not read to find that it is too large. */
async function bounded(response: Response, url: string, most: number): Promise<Got | NotGot> {
  const tooLarge = { code: 'too_large', reason: `it has more than ${most} bytes` };
  if (Number(response.headers.get('content-length') ?? 0) > most) {
    await response.body?.cancel();
    return tooLarge;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    // Leaving the loop closes the connection.
    if (length > most) return tooLarge;
  }
  return {
    ...{ bytes: new Uint8Array(Buffer.concat(parts)), url },
    contentType: response.headers.get('content-type') ?? '',
  };
}
