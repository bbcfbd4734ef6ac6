import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetAccountSettingsCommand, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
} from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { scheduleName } from '../../../adapters/aws/eventbridge-timer.ts';
import { broadcastId } from '../../../broadcast/id.ts';
import { bothClocks, upcoming } from '../../../schedule/index.ts';
import { ARM_AHEAD_MS, windowsInForce } from '../../../station/arm.ts';
import { explain, findStage, openStage, type Stage, stageTimer } from '../../place/stage.ts';
import { distribution, logRole } from './edge-checks.ts';
import { failed, ok, type Row, warning } from './row.ts';

/** "Throttle rate" of API Gateway: requests a second of the whole account in a Region. */
const THROTTLE_RATE = { ServiceCode: 'apigateway', QuotaCode: 'L-8A5B8E43' };
/** What is kept back of it for others and for what comes at once. */
const HEADROOM = 1.1;
/** "Concurrent executions" of Lambda; a new account has ten, with which sixty that join within a second are kept waiting. */
const CONCURRENT_EXECUTIONS = 'L-B99A9384';
const INSTANCES_WANTED = 100;
const TABLES = ['CONNECTIONS_TABLE', 'BROADCASTS_TABLE', 'WINDOWS_TABLE'];
const BUCKETS = ['ARCHIVE_BUCKET', 'SITE_BUCKET'];
const FUNCTIONS = ['compose', 'broadcast', 'message', 'connect'] as const;
/** A station that has composed nothing for so long misses its daily performance. */
const COMPOSED_WITHIN_MS = 36 * 3_600_000;

/** What a stage needs, in the order in which it needs it. A check that cannot be made says so, and the next is made. */
export async function stageChecks(name: string): Promise<readonly (readonly [string, () => Promise<Row>])[]> {
  const stage = await findStage(name);
  const guarded = (check: (stage: Stage) => Promise<Row>) => (): Promise<Row> =>
    check(stage).catch((error: unknown) =>
      failed(explain(error, name).message, 'deploy the stage again, or ask who administers the account'),
    );
  const checks: readonly (readonly [string, (stage: Stage) => Promise<Row>])[] = [
    ['credentials', credentials],
    ['Region', region],
    ['concurrency', concurrency],
    ['CloudFront', distribution],
    ['log role', logRole],
    ['tables', tables],
    ['buckets', buckets],
    ['schedules', schedules],
    ['functions', functions],
    ['last compose', lastCompose],
    ['last broadcast', lastBroadcast],
  ];
  return checks.map(([check, run]) => [check, guarded(run)] as const);
}

async function credentials({ clients }: Stage): Promise<Row> {
  const { Account, Arn } = await clients.sts.send(new GetCallerIdentityCommand({}));
  return ok(`account ${Account}, ${Arn}`);
}

async function region({ clients, variable }: Stage): Promise<Row> {
  const region = await clients.lambda.config.region();
  const rate = await quotaOf(clients.quotas);
  const detail = `${region}, ${rate} requests a second for the whole account`;
  const posts = Number(variable('POSTS_PER_SECOND'));
  // What a message and a ping may be, each with a rate of its own: they count towards the same quota.
  const [messages = 0, pings = 0] = variable('ROUTE_RATES').split(' ').map(Number);
  const all = posts + messages + pings;
  return all * HEADROOM > rate
    ? warning(
        detail,
        `posts, messages and pings may be ${posts} + ${messages} + ${pings} = ${all} a second: set postsPerSecond, messagesPerSecond or pingsPerSecond lower, or ask AWS for more`,
      )
    : ok(detail);
}

/** A quota that was never changed has no value of its own, but AWS's default. */
async function quotaOf(client: Stage['clients']['quotas']): Promise<number> {
  try {
    return (await client.send(new GetServiceQuotaCommand(THROTTLE_RATE))).Quota?.Value ?? 0;
  } catch (error) {
    if (!(error instanceof NoSuchResourceException)) throw error;
    return (await client.send(new GetAWSDefaultServiceQuotaCommand(THROTTLE_RATE))).Quota?.Value ?? 0;
  }
}

async function concurrency({ clients }: Stage): Promise<Row> {
  const { AccountLimit } = await clients.lambda.send(new GetAccountSettingsCommand({}));
  const limit = AccountLimit?.ConcurrentExecutions ?? 0;
  const free = AccountLimit?.UnreservedConcurrentExecutions ?? limit;
  const detail = `${free} functions at once, of ${limit} of the account`;
  return free < INSTANCES_WANTED
    ? warning(
        detail,
        `composing, broadcasting and joins share them: ask Service Quotas for 1,000 concurrent executions (${CONCURRENT_EXECUTIONS})`,
      )
    : ok(detail);
}

async function tables({ clients, variable }: Stage): Promise<Row> {
  for (const TableName of TABLES.map(variable)) {
    const { Table } = await clients.dynamo.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus !== 'ACTIVE')
      return failed(`${TableName} is ${Table?.TableStatus}`, 'wait, or deploy the stage again');
  }
  return ok(`${TABLES.length} tables, active`);
}

async function buckets({ clients, variable }: Stage): Promise<Row> {
  for (const Bucket of BUCKETS.map(variable)) await clients.s3.send(new HeadBucketCommand({ Bucket }));
  return ok(BUCKETS.map(variable).join(', '));
}

async function schedules(stage: Stage): Promise<Row> {
  const backend = await openStage(stage.name);
  const now = backend.clock.now();
  const windows = await windowsInForce(backend.windows, backend.otherwise);
  const coming: string[] = [];
  for (const { window, startsAt } of upcoming(windows, now)) {
    if (startsAt > now + ARM_AHEAD_MS) break;
    coming.push(broadcastId(window, startsAt));
  }
  // Others are in the group too: the stack's own hourly one, and those of what was begun by hand.
  const names = new Set(await stageTimer(stage).armed());
  const armed = coming.filter((id) => names.has(scheduleName(id, 'check'))).length;
  const detail = `${armed} of ${coming.length} broadcasts within two days are armed`;
  return armed < coming.length
    ? failed(detail, 'they are armed by the hour; if not, look at: pianola logs --stage')
    : ok(detail);
}

async function functions({ clients, functionOf }: Stage): Promise<Row> {
  const found: string[] = [];
  for (const each of FUNCTIONS) {
    const FunctionName = functionOf(each);
    const {
      State,
      LastModified = '',
      PackageType,
      Runtime,
    } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (State && State !== 'Active' && State !== 'Inactive')
      return failed(`${FunctionName} is ${State}`, 'deploy the stage again');
    // An image brings its own.
    const on = PackageType === 'Image' ? 'from an image' : `on ${Runtime}`;
    found.push(`${each} of ${LastModified.slice(0, 16)} ${on}`);
  }
  return ok(found.join(', '));
}

async function lastCompose(stage: Stage): Promise<Row> {
  const { performances, clock, timeZone } = await openStage(stage.name);
  const newest = (await performances.list())[0];
  if (newest === undefined)
    return warning(
      'nothing composed yet',
      'it is composed within an hour of deployment; see pianola logs --stage',
    );
  const record = (await performances.get(newest))?.record;
  const at = record?.composedAt ?? 0;
  const detail = `${newest}, composed ${bothClocks(timeZone, at)}`;
  return clock.now() - at > COMPOSED_WITHIN_MS
    ? warning(detail, 'see why with: pianola logs --stage')
    : ok(detail);
}

async function lastBroadcast(stage: Stage): Promise<Row> {
  const { records, timeZone } = await openStage(stage.name);
  const last = (await records.list())[0];
  if (!last) return ok('none yet');
  const detail = `${bothClocks(timeZone, last.startsAt)}: ${last.performance ?? 'silent'}, ${last.state}`;
  if (last.performance === null || last.encore) return warning(detail, 'see why with: pianola logs --stage');
  return last.epoch > 1
    ? warning(`${detail}, by ${last.epoch} broadcasters`, 'one died: see pianola logs --stage')
    : ok(detail);
}
