import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { parse } from 'yaml';
import { fakeClient } from './http.ts';

export type FakeDynamo = {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  close(): Promise<void>;
};

/** DynamoDB as dynalite gives it, with the tables of the stack; each is named by its logical id. */
export async function fakeDynamo(): Promise<FakeDynamo> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve, reject) =>
    server.listen(0, '127.0.0.1', (error?: Error) => (error ? reject(error) : resolve())),
  );
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient(fakeClient(endpoint));
  await createTables(client);
  return {
    client,
    endpoint,
    close: async () => {
      client.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Template = { Resources: Record<string, { Type: string; Properties: CreateTableCommandInput }> };

/** The tables as `infra/dynamodb.yml` declares them, less what has no meaning for a local server. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  const template = parse(readFileSync('infra/dynamodb.yml', 'utf8')) as Template;
  for (const [TableName, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::DynamoDB::Table') continue;
    const { AttributeDefinitions, KeySchema, BillingMode, LocalSecondaryIndexes } = Properties;
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions,
        KeySchema,
        BillingMode,
        ...(LocalSecondaryIndexes ? { LocalSecondaryIndexes } : {}),
      }),
    );
  }
}
