import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';

const LOOK_MS = 2_000;
/** How far back the last lines are looked for. */
const BACK_MS = 24 * 3_600_000;
/** Events arrive out of order by some seconds; what is read again is told apart by its id. */
const OVERLAP_MS = 30_000;

/**
 * The structured lines of some log groups, as those of a local station: `{"at", "event", …}`. Followed, it asks for new
 * ones until aborted.
 */
export async function* cloudwatchLog(
  client: CloudWatchLogsClient,
  groups: readonly string[],
  last: number,
  follow: boolean,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  let seen = new Set<string>();
  let from = Date.now() - BACK_MS;
  let first = true;
  do {
    const until = Date.now();
    const found: { id: string; at: number; line: string }[] = [];
    for (const logGroupName of groups) {
      // Ours are JSON and have an event's name as their message; START, END and REPORT are Lambda's own.
      const pages = paginateFilterLogEvents(
        { client },
        { logGroupName, startTime: from, filterPattern: '{ $.message = "*.*" }' },
      );
      for await (const { events = [] } of pages) {
        for (const { eventId = '', timestamp = 0, message = '' } of events) {
          const line = toLine(timestamp, message);
          if (line && !seen.has(eventId)) found.push({ id: eventId, at: timestamp, line });
        }
      }
    }
    found.sort((a, b) => a.at - b.at);
    yield* (first ? found.slice(-last) : found).map(({ line }) => line);
    first = false;
    seen = new Set([...seen, ...found.map(({ id }) => id)].slice(-10_000));
    from = until - OVERLAP_MS;
    if (follow) await sleep(LOOK_MS, undefined, signal ? { signal } : {}).catch(() => {});
  } while (follow && !signal?.aborted);
}

function toLine(at: number, message: string): string | null {
  try {
    const { message: event, details = {} } = JSON.parse(message) as { message: string; details?: object };
    return JSON.stringify({ at, event, ...details });
  } catch {
    return null;
  }
}
