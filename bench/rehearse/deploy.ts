/** Puts a packaged stack up on this machine, all of it, as its template describes it. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import dynalite from 'dynalite';
import { fakeS3 } from '../../tests/fakes/s3.ts';
import { fakeScheduler } from '../../tests/fakes/scheduler.ts';
import { type Edge, edge } from './edge/edge.ts';
import { front } from './front.ts';
import { functions } from './functions.ts';
import { type Gateway, gateway } from './gateway/gateway.ts';
import { LIMITS } from './gateway/limits.ts';
import type { Functions } from './lambda.ts';
import { type Ledger, ledger, OPERATOR } from './ledger.ts';
import { type Mappings, mappings } from './mappings.ts';
import { type Metrics, metrics } from './metrics.ts';
import { type Queues, queues } from './queues.ts';
import { type RawTemplate, resolveStack, type Stack } from './template.ts';
import { type Timers, timers } from './timers.ts';
import { takenFrom, type Without } from './without.ts';

export type Deployed = {
  readonly stack: Stack;
  readonly book: Ledger;
  readonly functions: Functions;
  readonly gateway: Gateway;
  readonly edge: Edge;
  readonly timers: Timers;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly mappings: Mappings;
  /** Clients of an operator, who may do everything. */
  readonly operator: { readonly s3: S3Client; readonly dynamo: DynamoDBClient };
  /** What went wrong that nobody else tells. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
};
export type DeployConfig = {
  /** With the template and the artefacts. */
  readonly directory: string;
  readonly without: Without;
  /** Instances of the account at once. */
  readonly concurrency: number;
  readonly isCrowdedOut: (route: string, before: number) => boolean;
};

const PLACE = { region: 'eu-central-1', account: '123456789012', stackName: 'pianola-dev' };
/** What the framework calls the template of a deployment. */
const TEMPLATE = 'cloudformation-template-update-stack.json';
/** As Secrets Manager makes one up: letters and digits. */
const secret = (length: number): string =>
  randomBytes(2 * length)
    .toString('base64')
    .replace(/[+/=]/g, '')
    .slice(0, length);

export async function deploy({
  directory,
  without,
  concurrency,
  isCrowdedOut,
}: DeployConfig): Promise<Deployed> {
  const template = takenFrom(
    JSON.parse(await readFile(join(directory, TEMPLATE), 'utf8')) as RawTemplate,
    without,
  );
  const secrets = new Map<string, string>();
  const secretOf = (id: string): string => {
    const length = template.Resources[id]?.Properties?.GenerateSecretString?.PasswordLength ?? 32;
    if (!secrets.has(id)) secrets.set(id, secret(length));
    return secrets.get(id)!;
  };
  const stack = resolveStack(template, PLACE, {}, secretOf);
  const book = ledger(stack);
  for (const id of stack.secretsRead) book.touch(id);
  const complaints: string[] = [];
  const complain = (what: string) => void complaints.push(what);

  const tables = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => tables.listen(0, '127.0.0.1', () => resolve()));
  const dynamodb = `http://127.0.0.1:${(tables.address() as AddressInfo).port}`;
  const s3 = await fakeS3();
  const scheduler = await fakeScheduler();
  const measured = metrics();
  const queued = queues(stack, book);
  // Each of these calls another: they are there when the first call comes.
  const lazily: { functions?: Functions; gateway?: Gateway } = {};
  const told = mappings(stack, book, { s3, queues: queued, functions: () => lazily.functions!, complain });
  const aws = await front(stack, book, {
    ...{ dynamodb, s3: s3.endpoint, scheduler: scheduler.endpoint, complain, written: told.written },
    functions: () => lazily.functions!,
    connections: () => lazily.gateway!.connections,
  });
  const line = await gateway(stack, book, {
    limits: LIMITS,
    now: Date.now,
    isCrowdedOut,
    functions: () => lazily.functions!,
  });
  const run = functions(stack, book, {
    instancesEach: Math.max(1, Math.floor(availableParallelism() / 2)),
    ...{ directory, concurrency, queues: queued, metrics: measured, complain },
    hosts: new Map([[`https://${line.domainName}`, aws.endpoint]]),
    environment: { AWS_ENDPOINT_URL: aws.endpoint },
  });
  Object.assign(lazily, { functions: run, gateway: line });
  const clock = timers(stack, book, { scheduler, functions: run, queues: queued });
  const site = await edge(stack, book, { s3, now: Date.now, ports: new Map([[line.domainName, line.port]]) });

  const client = {
    endpoint: aws.endpoint,
    region: PLACE.region,
    credentials: { accessKeyId: OPERATOR, secretAccessKey: 'none' },
  };
  const operator = {
    s3: new S3Client({ ...client, forcePathStyle: true }),
    dynamo: new DynamoDBClient(client),
  };
  const maker = new DynamoDBClient({ ...client, endpoint: dynamodb });
  for (const { id, properties } of stack.ofType('AWS::DynamoDB::Table')) {
    const { AttributeDefinitions, KeySchema, BillingMode, LocalSecondaryIndexes } = properties;
    await maker.send(
      new CreateTableCommand({
        TableName: stack.ref(id),
        AttributeDefinitions,
        KeySchema,
        BillingMode,
        LocalSecondaryIndexes,
      }),
    );
  }
  maker.destroy();

  return {
    ...{
      stack,
      book,
      functions: run,
      gateway: line,
      edge: site,
      timers: clock,
      queues: queued,
      metrics: measured,
    },
    ...{ mappings: told, operator, complaints },
    async close() {
      clock.close();
      await site.close();
      await line.close();
      await run.close();
      await aws.close();
      for (const one of [operator.s3, operator.dynamo]) one.destroy();
      for (const fake of [s3, scheduler]) await fake.close();
      await new Promise<void>((resolve) => tables.close(() => resolve()));
    },
  };
}
