import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { bounded } from '../../../src/adapters/aws/bounded.ts';
import { fakeClient, serveFake } from '../../fakes/http.ts';

test.each([
  ['DynamoDB', 4, (config: object) => new DynamoDBClient(config), get],
  ['S3', 3, (config: object) => new S3Client({ ...config, forcePathStyle: true }), read],
])(
  'a request that %s never answers is tried %i times, as the SDK does, and then a fault',
  async (_name, tries, make, ask) => {
    let requests = 0;
    const silent = await serveFake(() => {
      requests++;
    });
    const client = make({ ...fakeClient(silent.endpoint), ...bounded(50) });
    await expect(ask(client)).rejects.toThrow(/timed out|timeout/i);
    expect(requests).toBe(tries);
    client.destroy();
    await silent.close();
  },
);

type Client = { send(command: never): Promise<unknown>; destroy(): void };
function get(client: Client): Promise<unknown> {
  return client.send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'a' } } }) as never);
}
function read(client: Client): Promise<unknown> {
  return client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }) as never);
}
