import { expect, test } from '@jest/globals';
import { callsOf } from '../../../bench/rehearse/calls.ts';
import { resolveStack } from '../../../bench/rehearse/template.ts';

const stack = resolveStack(
  {
    Resources: {
      Broadcasts: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: 'broadcasts', KeySchema: [{ AttributeName: 'station', KeyType: 'HASH' }] },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'WEBSOCKET' } },
    },
  },
  { region: 'eu-central-1', account: '1', stackName: 'test' },
);
const ask = (service: string, method: string, url: string, body: object | string = '', headers = {}) => {
  const { pathname, searchParams } = new URL(url, 'http://aws');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return callsOf(
    service,
    { method, path: pathname, query: searchParams, headers, body: Buffer.from(text) },
    stack,
  );
};
const dynamo = (operation: string, body: object) =>
  ask('dynamodb', 'POST', '/', body, { 'x-amz-target': `DynamoDB_20120810.${operation}` });
const told = (calls: ReturnType<typeof ask>) => calls.map(({ action, resource }) => `${action} ${resource}`);
const TABLE = 'arn:aws:dynamodb:eu-central-1:1:table/broadcasts';

test('calls of tables name the table, the index, and the partitions that they touch', () => {
  const Key = { station: { S: 'punches' }, id: { S: 'x' } };
  for (const operation of ['GetItem', 'UpdateItem', 'DeleteItem']) {
    const [asked] = dynamo(operation, { TableName: 'broadcasts', Key });
    expect(asked).toEqual({
      action: `dynamodb:${operation}`,
      resource: TABLE,
      context: { 'aws:SecureTransport': 'true', 'dynamodb:LeadingKeys': ['punches'] },
    });
  }
  const put = dynamo('PutItem', { TableName: 'broadcasts', Item: Key });
  expect(put[0]?.context['dynamodb:LeadingKeys']).toEqual(['punches']);
  const [query] = dynamo('Query', {
    TableName: 'broadcasts',
    IndexName: 'byStart',
    KeyConditionExpression: '#s = :station AND startsAt < :now',
    ExpressionAttributeNames: { '#s': 'station' },
    ExpressionAttributeValues: { ':station': { S: 'station' }, ':now': { N: '1' } },
  });
  expect(query).toMatchObject({ action: 'dynamodb:Query', resource: `${TABLE}/index/byStart` });
  expect(query?.context['dynamodb:LeadingKeys']).toEqual(['station']);
});

test('calls of objects are by method; a listing is of the bucket', () => {
  expect(told(ask('s3', 'GET', '/site/a%20b/c.json'))).toEqual(['s3:GetObject arn:aws:s3:::site/a b/c.json']);
  expect(told(ask('s3', 'PUT', '/site/a'))).toEqual(['s3:PutObject arn:aws:s3:::site/a']);
  expect(told(ask('s3', 'DELETE', '/site/a'))).toEqual(['s3:DeleteObject arn:aws:s3:::site/a']);
  expect(told(ask('s3', 'GET', '/site/a?versionId=1'))).toEqual(['s3:GetObjectVersion arn:aws:s3:::site/a']);
  expect(told(ask('s3', 'GET', '/site/?list-type=2&prefix=a'))).toEqual(['s3:ListBucket arn:aws:s3:::site']);
});

test('who makes a schedule also lends it a role', () => {
  const Target = { RoleArn: 'arn:aws:iam::1:role/timer' };
  const made = ask('scheduler', 'POST', '/schedules/doors', { GroupName: 'pianola', Target });
  expect(told(made)).toEqual([
    'scheduler:CreateSchedule arn:aws:scheduler:eu-central-1:1:schedule/pianola/doors',
    'iam:PassRole arn:aws:iam::1:role/timer',
  ]);
  expect(made[1]?.context['iam:PassedToService']).toBe('scheduler.amazonaws.com');
});

test('posts are of a stage, a method and a connection; functions are invoked by name', () => {
  expect(told(ask('execute-api', 'POST', '/dev/@connections/abc%3D'))).toEqual([
    `execute-api:ManageConnections arn:aws:execute-api:eu-central-1:1:${stack.ref('Api')}/dev/POST/@connections/abc=`,
  ]);
  expect(told(ask('lambda', 'POST', '/2015-03-31/functions/pianola-dev-broadcast/invocations'))).toEqual([
    'lambda:InvokeFunction arn:aws:lambda:eu-central-1:1:function:pianola-dev-broadcast',
  ]);
});

test('a call that is not known is no call that is allowed', () => {
  expect(() => dynamo('TransactWriteItems', {})).toThrow('dynamodb:TransactWriteItems is not known here');
  expect(() => ask('kms', 'POST', '/')).toThrow('calls of kms are not known here');
  expect(() => ask('s3', 'PUT', '/site/a', '', { 'x-amz-copy-source': 'b' })).toThrow('not known here');
});
