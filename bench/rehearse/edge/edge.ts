/** CloudFront on loopback, under TLS: paths to behaviours, the bucket and the gateway behind them, a cache, and the headers that it adds. */
import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { loopbackTls } from '../../../tests/fakes/loopback-tls.ts';
import type { FakeS3 } from '../../../tests/fakes/s3.ts';
import type { Ledger } from '../ledger.ts';
import type { Properties, Stack } from '../template.ts';
import { type Behaviour, behavioursOf, matches } from './behaviours.ts';
import { edgeCache, type Kept } from './cache.ts';

export type Edge = {
  readonly port: number;
  /** `https://d….cloudfront.net`. */
  readonly origin: string;
  /** What it answered so far, by status. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly hits: () => number;
  close(): Promise<void>;
};
export type EdgeConfig = {
  readonly s3: Pick<FakeS3, 'objects'>;
  /** Ports on loopback of the other origins, by their domain names. */
  readonly ports: ReadonlyMap<string, number>;
  readonly now: () => number;
};
const SERVICE = 'cloudfront.amazonaws.com';
/** Of the bucket's answer these are handed on. */
const HANDED_ON = ['content-type', 'cache-control', 'etag', 'last-modified'];

export async function edge(stack: Stack, book: Ledger, config: EdgeConfig): Promise<Edge> {
  const [distribution] = stack.ofType('AWS::CloudFront::Distribution');
  if (!distribution) throw new Error('the stack has no distribution');
  const settings: Properties = distribution.properties.DistributionConfig;
  const arn = `arn:aws:cloudfront::${stack.place.account}:distribution/${stack.ref(distribution.id)}`;
  const behaviours = behavioursOf(stack, settings);
  const rules = settings.CustomErrorResponses ?? [];
  const cache = edgeCache(rules, config.now);
  const statuses = new Map<number, number>();
  const open = new Set<Duplex>();
  const behaviourOf = (path: string): Behaviour =>
    behaviours.find(({ pattern }) => matches(pattern, path)) ?? behaviours.at(-1)!;
  const originOf = (id: string): Properties => settings.Origins.find(({ Id }: Properties) => Id === id);
  const touch = ({ parts }: Behaviour) => {
    for (const part of [distribution.id, ...parts]) book.touch(part);
  };

  /** The bucket, asked by the distribution in its own name where it signs. */
  function fromBucket(origin: Properties, path: string): Kept {
    const bucket = stack
      .ofType('AWS::S3::Bucket')
      .find(({ id }) => stack.attribute(id, 'RegionalDomainName') === origin.DomainName);
    const access = stack
      .ofType('AWS::CloudFront::OriginAccessControl')
      .find(({ id }) => stack.attribute(id, 'Id') === origin.OriginAccessControlId);
    const denied = {
      status: 403,
      headers: { 'content-type': 'application/xml' },
      body: Buffer.from('<Error><Code>AccessDenied</Code></Error>'),
    };
    if (!bucket || access?.properties.OriginAccessControlConfig.SigningBehavior !== 'always') return denied;
    for (const id of [bucket.id, access.id]) book.touch(id);
    const name = stack.ref(bucket.id);
    const key = decodeURIComponent(path.slice(1));
    const context = { 'aws:SourceArn': arn, 'aws:SecureTransport': 'true' };
    const object = config.s3.objects.get(`${name}/${key}`);
    const may = (action: string, resource: string) =>
      book.ask(SERVICE, { action, resource, context }) === null;
    if (!may('s3:GetObject', `arn:aws:s3:::${name}/${key}`)) return denied;
    if (!object && !may('s3:ListBucket', `arn:aws:s3:::${name}`)) return denied;
    if (!object)
      return { ...denied, status: 404, body: Buffer.from('<Error><Code>NoSuchKey</Code></Error>') };
    const headers = Object.entries(object.headers).filter(([header]) => HANDED_ON.includes(header));
    return { status: 200, headers: Object.fromEntries(headers), body: object.body };
  }

  function look(behaviour: Behaviour, path: string): Kept {
    const origin = originOf(behaviour.originId);
    if (!origin.S3OriginConfig) return { status: 502, headers: {}, body: Buffer.alloc(0) };
    const known = behaviour.caches ? cache.get(path) : null;
    const found = known ?? fromBucket(origin, path);
    if (!known && behaviour.caches) cache.put(path, found);
    return found;
  }

  function serve(incoming: IncomingMessage, response: ServerResponse): void {
    const method = incoming.method ?? 'GET';
    const { pathname } = new URL(incoming.url ?? '/', 'https://edge');
    const behaviour = behaviourOf(pathname);
    touch(behaviour);
    const answer = (status: number, headers: Record<string, string>, body?: Buffer) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      response.writeHead(status, { ...headers, ...behaviour.headers });
      response.end(method === 'HEAD' ? undefined : body);
    };
    if (!behaviour.methods.includes(method)) return void answer(403, {});
    const root = pathname === '/' && settings.DefaultRootObject ? `/${settings.DefaultRootObject}` : pathname;
    const seen = behaviour.viewer(root, method);
    if ('status' in seen) return void answer(seen.status, seen.headers);
    let found = look(behaviour, seen.uri);
    const rule = rules.find(({ ErrorCode }: Properties) => ErrorCode === found.status);
    if (rule?.ResponsePagePath) {
      const page = look(behaviourOf(rule.ResponsePagePath), rule.ResponsePagePath);
      if (page.status === 200) found = { ...page, status: rule.ResponseCode ?? found.status };
    }
    const { etag } = found.headers;
    if (etag !== undefined && incoming.headers['if-none-match'] === etag && found.status === 200)
      return void answer(304, found.headers);
    answer(found.status, { ...found.headers }, found.body);
  }

  /** To the gateway: what a viewer sends but Host, and the origin's own headers in place of what a viewer may have made up. */
  function toOrigin(viewer: IncomingHttpHeaders, origin: Properties): Record<string, string | string[]> {
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(viewer)) if (value !== undefined) headers[name] = value;
    for (const { HeaderName, HeaderValue } of origin.OriginCustomHeaders ?? [])
      headers[HeaderName.toLowerCase()] = HeaderValue;
    return { ...headers, host: origin.DomainName, via: '1.1 edge (CloudFront)', 'x-amz-cf-id': 'made-up' };
  }

  function upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const { pathname } = new URL(incoming.url ?? '/', 'https://edge');
    const behaviour = behaviourOf(pathname);
    touch(behaviour);
    const origin = originOf(behaviour.originId);
    const port = config.ports.get(origin.DomainName);
    const seen = behaviour.viewer(pathname, 'GET');
    if (port === undefined || 'status' in seen)
      return void socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n');
    const asked = request({
      host: '127.0.0.1',
      port,
      path: seen.uri,
      headers: toOrigin(incoming.headers, origin),
    });
    asked.on('upgrade', (answered, theirs, first) => {
      const lines = answered.rawHeaders.flatMap((name, i, all) =>
        i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : [],
      );
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      if (first.length > 0) socket.write(first);
      if (head.length > 0) theirs.write(head);
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      theirs.on('error', () => socket.destroy());
      socket.on('error', () => theirs.destroy());
      theirs.pipe(socket).pipe(theirs);
    });
    asked.on('response', (answered) => {
      const status = answered.statusCode ?? 502;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      socket.end(`HTTP/1.1 ${status} ${answered.statusMessage}\r\nconnection: close\r\n\r\n`);
      answered.resume();
    });
    asked.on('error', () => socket.destroy());
    asked.end();
  }

  const server = createServer(loopbackTls, serve);
  server.on('upgrade', upgrade);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    origin: `https://${stack.attribute(distribution.id, 'DomainName')}`,
    statuses,
    hits: cache.hits,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
