import { type FakeServer, type Offer, serveFake } from './http.ts';
import { type Keys, type Verdict, verdictOn } from './signature.ts';

export type FakeGateway = FakeServer & {
  /** The connections that are there, with what each was sent. */
  readonly received: Map<string, string[]>;
  /** Answers the next posts to a connection with this status instead. */
  failNext(connectionId: string, status: number, times?: number): void;
  /** Posts tried, whatever came of them. */
  readonly posts: () => number;
  /** Whose signatures it takes from now on; until then it believes everybody. @param clock its own, epoch milliseconds */
  trust(keys: Keys, clock?: () => number): void;
  /** What it thought of each signature since then, in order. */
  readonly verdicts: Verdict[];
};

/** API Gateway's quotas: a frame is 32 KB, a message 128 KB ("WebSocket API quotas"). */
const MAX_MESSAGE = 128 * 1024;
const ERROR_TYPES: Readonly<Record<number, string>> = {
  403: 'ForbiddenException',
  410: 'GoneException',
  413: 'PayloadTooLargeException',
  429: 'LimitExceededException',
};

const VERDICT_TYPES: Readonly<Partial<Record<Verdict, string>>> = {
  'expired token': 'ExpiredTokenException',
  'unknown key': 'UnrecognizedClientException',
};

/** The @connections API of a websocket stage. */
export async function fakeGateway(stage = '', tls: Offer = false): Promise<FakeGateway> {
  const received = new Map<string, string[]>();
  const failures = new Map<string, number[]>();
  let posts = 0;
  let trusted: { keys: Keys; clock: () => number } | null = null;
  const verdicts: Verdict[] = [];
  const server = await serveFake((request, response) => {
    const refuse = (status: number) =>
      response
        .writeHead(status, {
          'content-type': 'application/json',
          'x-amzn-errortype': ERROR_TYPES[status] ?? '',
        })
        .end(JSON.stringify({ message: ERROR_TYPES[status] ?? 'fault' }));
    if (trusted) {
      const verdict = verdictOn(request, trusted.keys, trusted.clock());
      verdicts.push(verdict);
      if (verdict !== 'valid') {
        const type = VERDICT_TYPES[verdict] ?? 'InvalidSignatureException';
        const headers = { 'x-amzn-errortype': type, date: new Date(trusted.clock()).toUTCString() };
        return void response.writeHead(403, headers).end(JSON.stringify({ message: verdict }));
      }
    }
    const prefix = `${stage ? `/${stage}` : ''}/@connections/`;
    if (!request.path.startsWith(prefix)) return void refuse(403);
    const id = decodeURIComponent(request.path.slice(prefix.length));
    const frames = received.get(id);
    if (request.method === 'DELETE') {
      if (!frames) return void refuse(410);
      received.delete(id);
      return void response.writeHead(204).end();
    }
    posts++;
    const failure = failures.get(id)?.shift();
    if (failure) return void refuse(failure);
    if (!frames) return void refuse(410);
    if (request.body.byteLength > MAX_MESSAGE) return void refuse(413);
    frames.push(request.body.toString());
    response.writeHead(200).end();
  }, tls);
  return {
    ...server,
    received,
    posts: () => posts,
    verdicts,
    trust(keys, clock = Date.now) {
      trusted = { keys, clock };
    },
    failNext(connectionId, status, times = 1) {
      failures.set(connectionId, [...(failures.get(connectionId) ?? []), ...Array(times).fill(status)]);
    },
  };
}
