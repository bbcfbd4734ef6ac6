/** A short evening on a stack that is put up here: composed, armed, joined, played, its broadcaster killed, published. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pageObjects, uploadPage } from '../../infra/upload-page.ts';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoWindows } from '../../src/adapters/aws/dynamodb-windows.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { buildPage, withoutPlay } from '../../src/adapters/net/page-bundle.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import type { Music } from '../../src/music/note.ts';
import { dateIn } from '../../src/schedule/index.ts';
import type { Window } from '../../src/schedule/window.ts';
import { until } from '../../tests/support/until.ts';
import type { Deployed } from './deploy.ts';
import type { Listening } from './listening.ts';

export type Evening = {
  readonly music: Music | null;
  /** Of the broadcast, when it was last looked at. */
  readonly state: string;
  /** How many broadcasters it had, one after the other. */
  readonly epoch: number;
  readonly killed: number;
  /** What was to be seen of it, and was not. */
  readonly missed: readonly string[];
};
export type EveningConfig = {
  /** The broadcaster is killed so long after T0, milliseconds; null: it is not. */
  readonly killAfterMs: number | null;
  /** Whoever listens comes when the doors are open. @param t0 epoch milliseconds */
  readonly come: (t0: number) => Promise<readonly Listening[]>;
  /** What is tried when it is over, before they leave. @returns what was not as it should be */
  readonly after: (broadcast: string) => Promise<readonly string[]>;
  readonly say: (what: string) => void;
};

const WINDOW = 'rehearsal';
/** From arming to T0 at the least: functions start, pages load, clocks settle. */
const BEFORE_MS = 60_000;
/** After the last note: `end`, the books, the day's page. */
const AFTER_MS = 60_000;
/** Until it is known that they have left. */
const LEFT_MS = 10_000;
const MINUTE_MS = 60_000;

export async function evening(
  deployed: Deployed,
  { killAfterMs, come, after, say }: EveningConfig,
): Promise<Evening> {
  const { stack, operator, functions, timers, edge } = deployed;
  const variables = stack.get('BroadcastLambdaFunction').properties.Environment.Variables as Record<
    string,
    string
  >;
  const windows = dynamoWindows({ client: operator.dynamo, table: variables.WINDOWS_TABLE! });
  const broadcasts = dynamoBroadcasts({ client: operator.dynamo, table: variables.BROADCASTS_TABLE! });
  const archive = { client: operator.s3, bucket: variables.ARCHIVE_BUCKET! };
  const missed: string[] = [];

  say('the page is uploaded');
  const page = pageObjects(withoutPlay(await buildPage()), variables.SITE_URL!);
  await uploadPage(page, { client: operator.s3, bucket: variables.SITE_BUCKET! });

  // First a day that is far: while it is composed, nothing is armed yet.
  const far = await stored(await windows.put(windowAt(Date.now() + 72 * 60 * MINUTE_MS), 0));
  const date = dateIn(variables.TIME_ZONE!, Date.now() + BEFORE_MS + MINUTE_MS);
  say(`${date} is composed`);
  const composed = await functions.invoke(stack.ref('ComposeLambdaFunction'), { date });
  const none: Evening = { music: null, state: 'not composed', epoch: 0, killed: 0, missed };
  if (!composed.ok) return { ...none, missed: [`composing failed: ${composed.error.split('\n')[0]}`] };
  const music = await musicOf(archive, date);
  if (!music) return { ...none, missed: ['nothing was composed'] };

  const t0 = Math.ceil((Date.now() + BEFORE_MS) / MINUTE_MS) * MINUTE_MS;
  await stored(await windows.put(windowAt(t0), far));
  const id = broadcastId(WINDOW, t0);
  say(
    `${music.notes.length} notes, ${Math.round(music.durationMs / 1000)} s; T0 is ${new Date(t0).toISOString()}`,
  );
  timers.fire('ComposeSchedule');
  // Until its doors are open: functions have been warmed up by then.
  const open = await until(
    () => (functions.working(variables.BROADCAST_FUNCTION) === 1 ? functions.working() : 0),
    (count) => count === 1,
    BEFORE_MS / 2,
  );
  if (open !== 1) say(`doors are not open yet: ${functions.working()} functions are at work`);
  const listening = await come(t0);
  let killed = 0;
  if (killAfterMs !== null) {
    await sleep(Math.max(0, t0 + killAfterMs - Date.now()));
    killed = await functions.kill(variables.BROADCAST_FUNCTION!);
    say(`${killed} broadcaster killed`);
  }
  const overAt = t0 + music.durationMs + AFTER_MS;
  let row = await broadcasts.get(id);
  while (row?.state !== 'ended' && Date.now() < overAt) {
    await sleep(500);
    row = await broadcasts.get(id);
  }
  say(`the broadcast is ${row?.state ?? 'none'}`);
  // Publishing comes after `end`; what the check was woken for is over as well.
  await sleep(Math.max(1_000, t0 + music.durationMs + 5_000 - Date.now()));
  await until(
    () => functions.working(),
    (count) => count === 0,
    AFTER_MS,
  );
  if (row?.state === 'ended') missed.push(...(await after(id)));
  for (const one of listening) await one.leave();
  await until(
    () => functions.working(),
    (count) => count === 0,
    LEFT_MS,
  );
  missed.push(...(await unpublished(edge, date)));
  if (!(await archiveHas(archive, `broadcasts/`))) missed.push('the books have no record of it');
  return { music, state: row?.state ?? 'none', epoch: row?.epoch ?? 0, killed, missed };
}

const windowAt = (instant: number): Window => ({
  ...{ schema: 1, id: WINDOW, title: '', timeZone: 'UTC', limitMinutes: 15, firstDate: null, lastDate: null },
  ...{
    performance: 'today',
    priority: 0,
    rule: { kind: 'once', at: new Date(instant).toISOString().slice(0, 16) },
  },
});

type Put = Awaited<ReturnType<ReturnType<typeof dynamoWindows>['put']>>;
async function stored(put: Put): Promise<number> {
  if ('conflict' in put) throw new Error('somebody else has stored the window');
  return put.version;
}

async function musicOf(archive: Parameters<typeof s3Blobs>[0], date: string): Promise<Music | null> {
  const found = await performances(s3Blobs(archive)).get(date);
  const read = found && readMidiFile(found.midi);
  return read && 'music' in read ? read.music : null;
}
const archiveHas = async (archive: Parameters<typeof s3Blobs>[0], prefix: string): Promise<boolean> =>
  (await s3Blobs(archive).names(prefix)).length > 0;

/** What a visitor finds of the day when it is over, through the edge; as paths that are not as they should be. */
async function unpublished({ port, origin }: Deployed['edge'], date: string): Promise<string[]> {
  const { fetchFrom } = await import('./edge/visit.ts');
  const expected: readonly (readonly [string, number])[] = [
    ['/', 200],
    [`/${date}`, 301],
    [`/${date}/`, 200],
    [`/${date}/performance.mid`, 200],
    ['/index.json', 200],
    ['/schedule.json', 200],
    ['/archive/', 200],
    ['/shelf/', 200],
    ['/embed/', 200],
    ['/nowhere', 404],
  ];
  const missed: string[] = [];
  for (const [path, status] of expected) {
    const found = await fetchFrom(port, origin, path);
    if (found.status !== status)
      missed.push(`${path} is answered with ${found.status}, and should be with ${status}`);
    if (found.headers['content-security-policy'] === undefined)
      missed.push(`${path} has no content-security-policy`);
  }
  return missed;
}
