/** What a signed request to AWS asks for, as IAM names it: actions, resources, and what conditions look at ("Service Authorization Reference"). */
import type { Call } from './policies.ts';
import type { Stack } from './template.ts';

export type ServiceRequest = {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
};
type Asked = Omit<Call, 'context'> & { readonly context?: Call['context'] };
type Attribute = Readonly<Record<string, string>>;

/**
 * @param service of the credential's scope
 * @throws where it is none of the calls that are known here: it could not be judged
 */
export function callsOf(service: string, request: ServiceRequest, stack: Stack): readonly Call[] {
  const reader = READERS[service];
  if (!reader) throw new Error(`calls of ${service} are not known here`);
  // What is rehearsed goes over loopback; the SDK speaks TLS to AWS.
  return reader(request, stack).map(({ context = {}, ...asked }) => ({
    ...asked,
    context: { 'aws:SecureTransport': 'true', ...context },
  }));
}

const arn = ({ place: { region, account } }: Stack, service: string, rest: string) =>
  `arn:aws:${service}:${region}:${account}:${rest}`;
const unknown = (what: string): never => {
  throw new Error(`the call ${what} is not known here`);
};

const READERS: Readonly<Record<string, (request: ServiceRequest, stack: Stack) => readonly Asked[]>> = {
  dynamodb: tables,
  s3: objects,
  lambda({ path }, stack) {
    const [, name] = /\/functions\/([^/]+)\/invocations$/.exec(path) ?? unknown(path);
    return [
      {
        action: 'lambda:InvokeFunction',
        resource: arn(stack, 'lambda', `function:${decodeURIComponent(name!)}`),
      },
    ];
  },
  scheduler: schedules,
  'execute-api'({ method, path }, stack) {
    const [, stage, id] = /^\/([^/]+)\/@connections\/([^/]+)$/.exec(path) ?? unknown(path);
    const [api] = stack.ofType('AWS::ApiGatewayV2::Api').filter(isWebsocket);
    const resource = `${stack.ref(api!.id)}/${stage}/${method}/@connections/${decodeURIComponent(id!)}`;
    return [{ action: 'execute-api:ManageConnections', resource: arn(stack, 'execute-api', resource) }];
  },
};
const isWebsocket = ({ properties }: { properties: Record<string, unknown> }) =>
  properties.ProtocolType === 'WEBSOCKET';

/** Of what a partition key is compared with in an expression: the value's name. */
const comparedWith = (expression: string, key: string, names: Attribute): string | undefined => {
  const written = Object.entries(names).find(([, name]) => name === key)?.[0] ?? key;
  return new RegExp(`(?:^|\\W)${written}\\s*=\\s*(:\\w+)`).exec(expression)?.[1];
};

function tables({ headers, body }: ServiceRequest, stack: Stack): readonly Asked[] {
  const operation = String(headers['x-amz-target']).split('.').at(-1)!;
  const input = JSON.parse(body.toString());
  const keyOf = (name: string): string => {
    const table = stack.ofType('AWS::DynamoDB::Table').find(({ id }) => stack.ref(id) === name);
    const schema = table?.properties.KeySchema as { AttributeName: string; KeyType: string }[] | undefined;
    return schema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
  };
  const one = (item: Record<string, Attribute> | undefined, name: string): string =>
    Object.values(item?.[keyOf(name)] ?? {})[0] ?? '';
  const on = (action: string, name: string, leading: readonly string[], index?: string): Asked => ({
    action: `dynamodb:${action}`,
    resource: arn(stack, 'dynamodb', `table/${name}${index ? `/index/${index}` : ''}`),
    context: { 'dynamodb:LeadingKeys': [...new Set(leading)] },
  });
  const name: string = input.TableName;
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [on(operation, name, [one(input.Key, name)])];
    case 'PutItem':
      return [on(operation, name, [one(input.Item, name)])];
    case 'Query': {
      const names = input.ExpressionAttributeNames ?? {};
      const value = comparedWith(input.KeyConditionExpression ?? '', keyOf(name), names);
      const leading = value ? Object.values(input.ExpressionAttributeValues[value] as Attribute) : [];
      return [on('Query', name, leading, input.IndexName)];
    }
    case 'Scan':
      return [on('Scan', name, [], input.IndexName)];
    case 'BatchWriteItem': {
      type Write = { PutRequest?: { Item: never }; DeleteRequest?: { Key: never } };
      return Object.entries(input.RequestItems as Record<string, Write[]>).map(([table, writes]) =>
        on(
          'BatchWriteItem',
          table,
          writes.map(({ PutRequest, DeleteRequest }) => one(PutRequest?.Item ?? DeleteRequest?.Key, table)),
        ),
      );
    }
    default:
      return unknown(`dynamodb:${operation}`);
  }
}

function objects({ method, path, query, headers, body }: ServiceRequest): readonly Asked[] {
  const [bucket = '', ...rest] = path.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const on = (action: string, of = key): Asked => ({
    action,
    resource: `arn:aws:s3:::${bucket}${of ? `/${of}` : ''}`,
  });
  if (headers['x-amz-copy-source'] !== undefined) return unknown('s3:CopyObject');
  if (key === '') {
    if (method === 'GET' && query.has('list-type')) return [on('s3:ListBucket')];
    if (method === 'GET' && query.has('versions')) return [on('s3:ListBucketVersions')];
    if (method === 'POST' && query.has('delete'))
      return [...body.toString().matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, of]) => on('s3:DeleteObject', of));
    return unknown(`${method} of a bucket`);
  }
  const version = query.has('versionId') ? 'Version' : '';
  const ACTIONS: Readonly<Record<string, string>> = {
    GET: `s3:GetObject${version}`,
    HEAD: `s3:GetObject${version}`,
    PUT: 's3:PutObject',
    DELETE: `s3:DeleteObject${version}`,
  };
  return [on(ACTIONS[method] ?? unknown(`${method} of an object`))];
}

function schedules({ method, path, query, body }: ServiceRequest, stack: Stack): readonly Asked[] {
  const name = decodeURIComponent(path.replace(/^\/schedules\/?/, ''));
  const input = body.length > 0 ? JSON.parse(body.toString()) : {};
  const group = input.GroupName ?? query.get('groupName') ?? 'default';
  const ACTIONS: Readonly<Record<string, string>> = {
    POST: 'CreateSchedule',
    PUT: 'UpdateSchedule',
    GET: 'GetSchedule',
    DELETE: 'DeleteSchedule',
  };
  if (name === '' && method === 'GET') return [{ action: 'scheduler:ListSchedules', resource: '*' }];
  const made: Asked = {
    action: `scheduler:${ACTIONS[method] ?? unknown(`${method} of a schedule`)}`,
    resource: arn(stack, 'scheduler', `schedule/${group}/${name}`),
  };
  // Whoever makes a schedule lends it the role that it acts with.
  const lent: Asked[] = input.Target?.RoleArn
    ? [
        {
          action: 'iam:PassRole',
          resource: input.Target.RoleArn,
          context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
        },
      ]
    : [];
  return [made, ...lent];
}
