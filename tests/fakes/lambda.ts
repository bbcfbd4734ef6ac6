import { type FakeServer, serveFake } from './http.ts';

export type FakeLambda = FakeServer & {
  /** What was invoked, in order. */
  readonly invoked: { name: string; type: string; event: unknown }[];
  /** What answers a request of a function, by its name; others answer that all is well. */
  readonly answers: Map<string, (event: unknown) => Promise<unknown>>;
};

/** Lambda's Invoke: an event is queued (202), a request is answered at once (200). */
export async function fakeLambda(): Promise<FakeLambda> {
  const invoked: FakeLambda['invoked'] = [];
  const answers: FakeLambda['answers'] = new Map();
  const server = await serveFake(async (request, response) => {
    const [, name = ''] = /\/functions\/([^/]+)\/invocations/.exec(request.path) ?? [];
    const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
    invoked.push({
      name: decodeURIComponent(name),
      type,
      event: JSON.parse(request.body.toString() || 'null'),
    });
    const { name: called, event } = invoked.at(-1)!;
    const answer =
      type === 'Event' ? '' : JSON.stringify((await answers.get(called)?.(event)) ?? { statusCode: 200 });
    response.writeHead(type === 'Event' ? 202 : 200).end(answer);
  });
  return { ...server, invoked, answers };
}
