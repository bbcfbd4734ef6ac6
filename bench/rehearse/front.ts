/** AWS's own endpoints on loopback: every call is judged by the policies of who has signed it, and then answered by what stands for the service. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verdictOn } from '../../tests/fakes/signature.ts';
import { callsOf, type ServiceRequest } from './calls.ts';
import type { Connections } from './gateway/connections.ts';
import type { Functions } from './lambda.ts';
import { type Ledger, OPERATOR } from './ledger.ts';
import type { Stack } from './template.ts';

export type Front = { readonly endpoint: string; close(): Promise<void> };
export type Backends = {
  /** Origins of those that speak HTTP themselves. */
  readonly dynamodb: string;
  readonly s3: string;
  readonly scheduler: string;
  readonly functions: () => Functions;
  readonly connections: () => Connections;
  /** Of an object that was written: `bucket`, `key`. */
  readonly written: (bucket: string, key: string) => void;
  readonly complain: (what: string) => void;
};
type Request = ServiceRequest & {
  readonly service: string;
  readonly by: string;
  readonly accessKeyId: string;
};

/** What a service answers somebody who may not. */
const REFUSALS: Readonly<
  Record<string, (why: string) => { status: number; type: string; body: string; error: string }>
> = {
  dynamodb: (Message) => ({
    status: 400,
    type: 'application/x-amz-json-1.0',
    error: 'AccessDeniedException',
    body: JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', Message }),
  }),
  s3: (why) => ({
    status: 403,
    type: 'application/xml',
    error: '',
    body: `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${why}</Message></Error>`,
  }),
};
const refusal = (Message: string) => ({
  status: 403,
  type: 'application/json',
  error: 'AccessDeniedException',
  body: JSON.stringify({ Message }),
});

export async function front(stack: Stack, book: Ledger, backends: Backends): Promise<Front> {
  const SERVICES: Readonly<Record<string, (asked: Request, response: ServerResponse) => Promise<void>>> = {
    dynamodb: async (asked, response) => {
      const table = JSON.parse(asked.body.toString()).TableName;
      for (const { id } of stack.ofType('AWS::DynamoDB::Table')) if (stack.ref(id) === table) book.touch(id);
      await passOn(backends.dynamodb, asked, response);
    },
    s3: askS3,
    scheduler: async (asked, response) => {
      const { GroupName } =
        asked.body.length > 0 ? JSON.parse(asked.body.toString()) : { GroupName: undefined };
      const group = stack
        .ofType('AWS::Scheduler::ScheduleGroup')
        .find(({ id }) => stack.ref(id) === GroupName);
      if (asked.method === 'POST' && !group)
        return answer(
          response,
          404,
          { Message: `Schedule group ${GroupName} does not exist.` },
          'ResourceNotFoundException',
        );
      if (group) book.touch(group.id);
      await passOn(backends.scheduler, asked, response);
    },
    lambda: askLambda,
    'execute-api': async (asked, response) => {
      const keys = book.credentialsOf(asked.by);
      const verdict =
        asked.by === OPERATOR
          ? 'valid'
          : verdictOn({ ...asked, headers: asked.headers as never }, keys, Date.now());
      if (verdict !== 'valid')
        return answer(
          response,
          403,
          { message: `The signature is ${verdict}.` },
          'InvalidSignatureException',
        );
      backends.connections().answer(asked, response);
    },
  };

  async function askS3(asked: Request, response: ServerResponse): Promise<void> {
    const [bucket = '', ...rest] = asked.path.slice(1).split('/').map(decodeURIComponent);
    const made = stack.ofType('AWS::S3::Bucket').find(({ id }) => stack.ref(id) === bucket);
    if (!made) return refuse('s3', `there is no bucket ${bucket}`, response);
    book.touch(made.id);
    const reads = asked.method === 'GET' && rest.join('/') !== '';
    await passOn(backends.s3, asked, response, (status) => {
      if (asked.method === 'PUT' && status === 200) backends.written(bucket, rest.join('/'));
      // S3 tells a missing object from a forbidden one to those alone who may list.
      if (!reads || status !== 404) return null;
      const listing = {
        action: 's3:ListBucket',
        resource: `arn:aws:s3:::${bucket}`,
        context: { 'aws:SecureTransport': 'true' },
      };
      return book.ask(asked.by, listing);
    });
  }

  async function askLambda(asked: Request, response: ServerResponse): Promise<void> {
    const name = decodeURIComponent(/\/functions\/([^/]+)\/invocations$/.exec(asked.path)![1]!);
    const event = JSON.parse(asked.body.toString() || 'null');
    if (asked.headers['x-amz-invocation-type'] === 'Event') {
      backends.functions().invokeLater(name, event);
      response.writeHead(202).end();
      return;
    }
    const said = await backends.functions().invoke(name, event);
    if (said.ok)
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(said.payload ?? null));
    else if (said.throttled)
      answer(
        response,
        429,
        { Reason: 'ConcurrentInvocationLimitExceeded', message: said.error },
        'TooManyRequestsException',
      );
    else
      response
        .writeHead(200, { 'x-amz-function-error': 'Unhandled' })
        .end(JSON.stringify({ errorMessage: said.error }));
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      backends.complain(`${incoming.method} ${incoming.url}: ${String(error)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const { authorization = '' } = incoming.headers;
    const [, accessKeyId = '', service = ''] =
      /Credential=([^/]+)\/\d{8}\/[\w-]+\/([\w-]+)\/aws4_request/.exec(authorization) ?? [];
    const token = incoming.headers['x-amz-security-token'];
    const by = book.whose(accessKeyId, typeof token === 'string' ? token : undefined);
    if (by === null)
      return answer(
        response,
        403,
        { message: 'The security token included in the request is invalid.' },
        'UnrecognizedClientException',
      );
    const url = new URL(incoming.url ?? '/', 'http://aws');
    const asked: Request = {
      ...{
        service,
        by,
        accessKeyId,
        method: incoming.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
      },
      headers: incoming.headers,
      body: Buffer.concat(parts),
    };
    const answered = SERVICES[service];
    if (!answered) throw new Error(`the service ${service} is none that is run here`);
    const refusals = callsOf(service, asked, stack).map((call) => book.ask(by, call));
    const refused = refusals.find((why) => why !== null);
    if (refused) return refuse(service, refused, response);
    await answered(asked, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function refuse(service: string, why: string, response: ServerResponse): void {
  const { status, type, body, error } = (REFUSALS[service] ?? refusal)(why);
  response
    .writeHead(status, { 'content-type': type, ...(error ? { 'x-amzn-errortype': error } : {}) })
    .end(body);
}
function answer(response: ServerResponse, status: number, body: object, type: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type })
    .end(JSON.stringify(body));
}

/** @param looksAt of the answer's status: a reason to refuse after all, or null */
function passOn(
  origin: string,
  { method, path, query, headers, body }: ServiceRequest,
  response: ServerResponse,
  looksAt: (status: number) => string | null = () => null,
): Promise<void> {
  const search = query.size > 0 ? `?${query}` : '';
  return new Promise((resolve, reject) => {
    const { host: _ours, connection: _hop, ...rest } = headers;
    const passed = request(
      `${origin}${path}${search}`,
      { method, headers: { ...rest, 'content-length': body.length } },
      (theirs) => {
        const refused = looksAt(theirs.statusCode ?? 500);
        if (refused) {
          theirs.resume();
          refuse('s3', refused, response);
          return resolve();
        }
        response.writeHead(theirs.statusCode ?? 500, theirs.headers);
        theirs.pipe(response);
        theirs.on('end', resolve);
        theirs.on('error', reject);
      },
    );
    passed.on('error', reject);
    passed.end(body);
  });
}
