import { type FakeServer, serveFake } from './http.ts';

export type FakeLambda = FakeServer & {
  /** What was invoked, in order. */
  readonly invoked: { name: string; type: string; event: unknown }[];
};

/** Lambda's Invoke: an event is queued (202), a request is answered at once (200). */
export async function fakeLambda(): Promise<FakeLambda> {
  const invoked: FakeLambda['invoked'] = [];
  const server = await serveFake((request, response) => {
    const [, name = ''] = /\/functions\/([^/]+)\/invocations/.exec(request.path) ?? [];
    const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
    invoked.push({
      name: decodeURIComponent(name),
      type,
      event: JSON.parse(request.body.toString() || 'null'),
    });
    response.writeHead(type === 'Event' ? 202 : 200).end(type === 'Event' ? '' : '{"statusCode":200}');
  });
  return { ...server, invoked };
}
