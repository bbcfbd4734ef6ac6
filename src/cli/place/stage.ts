import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';
import { cloudwatchLog } from '../../adapters/aws/cloudwatch-log.ts';
import { dynamoBroadcasts } from '../../adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../adapters/aws/dynamodb-connections.ts';
import { dynamoWindows } from '../../adapters/aws/dynamodb-windows.ts';
import { schedulerTimer } from '../../adapters/aws/eventbridge-timer.ts';
import { invokeLater } from '../../adapters/aws/lambda-invoke.ts';
import { s3Blobs, s3SiteBlobs } from '../../adapters/aws/s3-blobs.ts';
import { type SignedGet, signedGet } from '../../adapters/aws/signed-get.ts';
import type { ControlAnswer } from '../../adapters/net/control.ts';
import { broadcastRecords } from '../../adapters/stores/broadcast-records.ts';
import { models } from '../../adapters/stores/models.ts';
import { performances } from '../../adapters/stores/performances.ts';
import { prompts } from '../../adapters/stores/prompts.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import type { Blobs } from '../../ports.ts';
import { virtualWindow } from '../../schedule/index.ts';
import { CliError } from '../terminal/output.ts';
import { stationActions } from './station-actions.ts';
import type { Backend } from './types.ts';

/** Where a stage's weights are brought to, if they are, for as long as the command runs. */
const SCRATCH = join(tmpdir(), `pianola-models-${randomUUID()}`);
process.once('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));

/** Clients of the services that a stage is made of; a test gives its own. */
export type StageClients = {
  readonly lambda: LambdaClient;
  readonly dynamo: DynamoDBClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
  readonly quotas: ServiceQuotasClient;
  /** Of services of which one thing is asked. */
  readonly ask: SignedGet;
};

const realClients = (): StageClients => {
  const sts = new STSClient({});
  return { ...clientsOfServices(), sts, ask: signedGet({ ...sts.config, now: systemClock.now }) };
};
const clientsOfServices = (): Omit<StageClients, 'sts' | 'ask'> => ({
  lambda: new LambdaClient({}),
  dynamo: new DynamoDBClient({}),
  s3: new S3Client({}),
  scheduler: new SchedulerClient({}),
  logs: new CloudWatchLogsClient({}),
  quotas: new ServiceQuotasClient({}),
});
let makeClients = realClients;
/** For tests: what commands work with in place of AWS. */
export const useClients = (clients: StageClients): void => {
  makeClients = () => clients;
};

type FunctionName = 'compose' | 'broadcast' | 'message' | 'connect';

/** The functions of a stage, as serverless.yml names them. */
const functionOf = (stage: string, name: FunctionName): string => `pianola-${stage}-${name}`;
/** What composes is called differently where it is made from an image (infra/composers.cjs). */
const BY_IMAGE = '-image';

export type Stage = {
  readonly name: string;
  readonly clients: StageClients;
  /** A function of the stage, as AWS knows it. */
  readonly functionOf: (name: FunctionName) => string;
  /** What the stack tells its functions: names of tables and buckets, times, zones. */
  readonly variable: (name: string) => string;
};

/** A function's configuration knows all the names that AWS made up for the stack. */
export async function findStage(name: string): Promise<Stage> {
  if (!/^[a-z][a-z0-9-]{0,30}$/i.test(name)) {
    throw new CliError('usage', 'usage', `--stage ${name} is no name of a stage: give one like prod`);
  }
  const clients = makeClients();
  const variables: Record<string, string> = {};
  const ask = async (FunctionName: string): Promise<string> => {
    const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    Object.assign(variables, Environment?.Variables);
    return FunctionName;
  };
  let compose = functionOf(name, 'compose');
  try {
    for (const each of ['message', 'broadcast'] as const) await ask(functionOf(name, each));
    compose = await ask(compose).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      return ask(`${compose}${BY_IMAGE}`);
    });
  } catch (error) {
    throw explain(error, name);
  }
  return {
    name,
    clients,
    functionOf: (each) => (each === 'compose' ? compose : functionOf(name, each)),
    variable(key) {
      const value = variables[key];
      if (value === undefined) {
        throw new CliError(
          'fault',
          'old_stage',
          `stage ${name} does not tell ${key}: deploy this version to it`,
        );
      }
      return value;
    },
  };
}

/** What AWS refuses, in our words and exit codes. */
export function explain(error: unknown, stage: string): CliError {
  const { name = '', message = '' } = error as Error;
  if (error instanceof ResourceNotFoundException || name === 'ResourceNotFoundException') {
    return new CliError(
      'notFound',
      'no_stage',
      `there is no stage ${stage} in this account and Region: check AWS_PROFILE and AWS_REGION`,
      { cause: error },
    );
  }
  if (/Region is missing/.test(message)) {
    return new CliError(
      'usage',
      'no_region',
      `no Region is set: set AWS_REGION to the one that stage ${stage} is in`,
      { cause: error },
    );
  }
  if (/Credentials|Token|Signature|UnrecognizedClient/.test(name) || /credential/i.test(message)) {
    return new CliError('denied', 'no_credentials', 'AWS does not know us: log in, or set AWS_PROFILE', {
      cause: error,
    });
  }
  if (/AccessDenied/.test(name)) {
    return new CliError(
      'denied',
      'not_allowed',
      `these credentials may not do that on stage ${stage}: ${message}`,
      { cause: error },
    );
  }
  return new CliError('fault', 'aws', `stage ${stage}: ${message}`, { cause: error });
}

const archiveOf = ({ clients, variable }: Stage) => ({
  client: clients.s3,
  bucket: variable('ARCHIVE_BUCKET'),
});
const otherwiseOf = ({ variable }: Stage) => virtualWindow(variable('DAILY_TIME'), variable('TIME_ZONE'));

/** The public files of a deployed stage. */
export async function stageSite(name: string): Promise<Blobs> {
  const { clients, variable } = await findStage(name);
  return s3SiteBlobs({ client: clients.s3, bucket: variable('SITE_BUCKET') });
}

/** The data of a deployed stage. */
export async function openStage(name: string): Promise<Backend> {
  const stage = await findStage(name);
  const { clients, variable } = stage;
  const archive = s3Blobs(archiveOf(stage));
  return {
    name: `stage ${name}`,
    windows: dynamoWindows({ client: clients.dynamo, table: variable('WINDOWS_TABLE') }),
    broadcasts: dynamoBroadcasts({ client: clients.dynamo, table: variable('BROADCASTS_TABLE') }),
    performances: performances(archive),
    records: broadcastRecords(archive),
    prompts: prompts(archive),
    answers: archive,
    models: models(archive, { scratch: SCRATCH }),
    clock: systemClock,
    timeZone: variable('TIME_ZONE'),
    otherwise: otherwiseOf(stage),
    timer: stageTimer(stage),
    prepareSoon: () => invokeLater(clients.lambda, stage.functionOf('compose'))({}),
    composeSoon: (date) => invokeLater(clients.lambda, stage.functionOf('compose'))({ date }),
  };
}

export const stageTimer = ({ clients, variable }: Stage) =>
  schedulerTimer({
    client: clients.scheduler,
    group: variable('SCHEDULE_GROUP'),
    targetArn: variable('BROADCAST_FUNCTION_ARN'),
    roleArn: variable('SCHEDULE_ROLE_ARN'),
    deadLetterArn: variable('TIMER_DEAD_LETTER_ARN'),
    fire: (broadcast, reason) =>
      invokeLater(clients.lambda, variable('BROADCAST_FUNCTION'))({ broadcast, reason }),
    clock: systemClock,
  });

/** What a local station answers by its control port, a stage answers by its tables. */
export async function askStage(name: string, action: string, input: unknown): Promise<ControlAnswer> {
  const stage = await findStage(name);
  const { clients, variable } = stage;
  const broadcasts = dynamoBroadcasts({ client: clients.dynamo, table: variable('BROADCASTS_TABLE') });
  const connections = dynamoConnections({
    client: clients.dynamo,
    table: variable('CONNECTIONS_TABLE'),
    shards: Number(variable('CONNECTION_SHARDS')),
    clock: systemClock,
  });
  const actions = stationActions({
    broadcasts,
    performances: performances(s3Blobs(archiveOf(stage))),
    windows: dynamoWindows({ client: clients.dynamo, table: variable('WINDOWS_TABLE') }),
    otherwise: otherwiseOf(stage),
    timer: stageTimer(stage),
    clock: systemClock,
    timeZone: variable('TIME_ZONE'),
    listeners: connections.count,
  });
  return { result: await actions[action]!(input) };
}

/** What the functions of a stage did. */
export async function* stageLog(
  name: string,
  last: number,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { clients, functionOf } = await findStage(name);
  const groups = (['compose', 'broadcast'] as const).map((each) => `/aws/lambda/${functionOf(each)}`);
  yield* cloudwatchLog(clients.logs, groups, last, follow, signal);
}
