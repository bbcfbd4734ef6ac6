import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { type FakeRequest, type FakeServer, serveFake } from './http.ts';
import { posted } from './s3-form.ts';

type StoredObject = { body: Buffer; headers: Record<string, string> };

export type FakeS3 = FakeServer & {
  /** `bucket/key` → object. */
  readonly objects: Map<string, StoredObject>;
  /** Answers the next requests of a method with this error instead. */
  failNext(method: string, status: number, code: string, times?: number): void;
  /** Requests served, by method. */
  readonly counts: Map<string, number>;
  /** Every signed request: what its role must allow, as IAM says it, of `bucket/key` or `bucket`. */
  readonly actions: { action: string; on: string }[];
  /** Every version of every object of a bucket, oldest first, those that say "deleted" too. */
  versions(bucket: string): readonly Version[];
  /** What cannot be deleted, by `bucket/key`. */
  readonly locked: Set<string>;
};
type Version = { readonly name: string; readonly id: string; readonly marker: boolean };

/** Of the smallest page, so that listings are paged in tests. */
const PAGE = 2;
const KEPT_HEADERS = ['content-type', 'cache-control', 'x-amz-checksum-crc32'];

/** What we use of S3: preconditions, checksums, paged listings, and its errors in XML. */
export async function fakeS3(): Promise<FakeS3> {
  const objects = new Map<string, StoredObject>();
  const counts = new Map<string, number>();
  const locked = new Set<string>();
  const actions: FakeS3['actions'] = [];
  const ACTIONS: Readonly<Record<string, string>> = {
    GET: 's3:GetObject',
    HEAD: 's3:GetObject',
    PUT: 's3:PutObject',
    DELETE: 's3:DeleteObject',
  };
  let versions: Version[] = [];
  const remember = (name: string, marker: boolean) =>
    versions.push({ name, id: `v${String(++versionId).padStart(6, '0')}`, marker });
  let versionId = 0;
  let failures: { method: string; status: number; code: string }[] = [];

  const isForm = ({ method, headers }: Pick<FakeRequest, 'headers'> & { method?: string | undefined }) =>
    method === 'POST' && Boolean(headers['content-type']?.startsWith('multipart/form-data'));
  const server = await serveFake(answer, false, isForm);

  function answer(request: FakeRequest, response: ServerResponse): void | Promise<void> {
    counts.set(request.method, (counts.get(request.method) ?? 0) + 1);
    const failure = failures.find(({ method }) => method === request.method);
    if (failure) {
      failures = failures.filter((other) => other !== failure);
      return void refuse(response, failure.status, failure.code);
    }
    const name = decodeURIComponent(request.path.slice(1));
    const lists = request.query.has('list-type');
    const action = lists ? 's3:ListBucket' : ACTIONS[request.method];
    if (action) actions.push({ action, on: lists ? name.replace(/\/$/, '') : name });
    // S3 tells a missing object from a forbidden one to those alone who may list.
    if (action === 's3:GetObject' && !objects.has(name))
      actions.push({ action: 's3:ListBucket', on: name.split('/')[0]! });
    if (request.method === 'PUT') return void put(name, request, response);
    if (isForm(request)) return postForm(name.replace(/\/$/, ''), request, response);
    if (request.method === 'POST' && request.query.has('delete'))
      return void deleteMany(name, request, response);
    if (request.query.has('versions')) return void listVersions(name, request, response);
    if (request.method === 'DELETE') {
      objects.delete(name);
      remember(name, true);
      response.writeHead(204).end();
      return;
    }
    if (request.query.get('list-type') === '2') return void list(name, request, response);
    const object = objects.get(name);
    if (!object) return void refuse(response, 404, 'NoSuchKey');
    response.writeHead(200, object.headers).end(request.method === 'HEAD' ? undefined : object.body);
  }

  async function postForm(bucket: string, request: FakeRequest, response: ServerResponse): Promise<void> {
    const form = await posted(bucket, request);
    // As its CORS rule says, also where it refuses.
    response.setHeader('access-control-allow-origin', '*');
    if ('status' in form) return void refuse(response, form.status, form.code);
    const { key, body, type } = form;
    const headers = { etag: etagOf(body), 'last-modified': new Date().toUTCString(), 'content-type': type };
    objects.set(`${bucket}/${key}`, { body, headers });
    remember(`${bucket}/${key}`, false);
    response.writeHead(201, { etag: headers.etag }).end();
  }

  function put(name: string, request: FakeRequest, response: ServerResponse): void {
    if (request.headers['if-none-match'] === '*' && objects.has(name)) {
      return void refuse(response, 412, 'PreconditionFailed');
    }
    const match = request.headers['if-match'];
    if (match !== undefined) {
      // To compare is to read (S3 user guide, "Conditional writes").
      actions.push({ action: 's3:GetObject', on: name });
      const there = objects.get(name);
      if (!there) return void refuse(response, 404, 'NoSuchKey');
      if (there.headers.etag !== match) return void refuse(response, 412, 'PreconditionFailed');
    }
    // A body that the client signed as a stream would come in pieces; ours are whole.
    if (request.headers['content-encoding'] === 'aws-chunked')
      return void refuse(response, 501, 'NotImplemented');
    const sent = request.headers['x-amz-checksum-crc32'];
    if (sent === undefined) return void refuse(response, 400, 'InvalidRequest');
    if (sent !== crcOf(request.body)) return void refuse(response, 400, 'BadDigest');
    const headers: Record<string, string> = {
      etag: etagOf(request.body),
      'last-modified': new Date().toUTCString(),
    };
    for (const header of KEPT_HEADERS) {
      const value = request.headers[header];
      if (typeof value === 'string') headers[header] = value;
    }
    objects.set(name, { body: request.body, headers });
    remember(name, false);
    response.writeHead(200, { etag: headers.etag }).end();
  }

  function list(bucketPath: string, request: FakeRequest, response: ServerResponse): void {
    const bucket = bucketPath.replace(/\/$/, '');
    const prefix = request.query.get('prefix') ?? '';
    const after = request.query.get('continuation-token') ?? '';
    const keys = [...objects.keys()]
      .filter((name) => name.startsWith(`${bucket}/`))
      .map((name) => name.slice(bucket.length + 1))
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort();
    const page = keys.slice(0, PAGE);
    const more = keys.length > PAGE;
    const writtenAt = (key: string) => {
      const { 'last-modified': at } = objects.get(`${bucket}/${key}`)?.headers ?? {};
      return at ? `<LastModified>${new Date(at).toISOString()}</LastModified>` : '';
    };
    const contents = page.map((key) => `<Contents><Key>${key}</Key>${writtenAt(key)}</Contents>`).join('');
    const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated><KeyCount>${page.length}</KeyCount>${contents}${next}</ListBucketResult>`,
      );
  }

  const of = (bucketPath: string) => {
    const bucket = `${bucketPath.replace(/\/$/, '')}/`;
    const found = versions.filter(({ name }) => name.startsWith(bucket));
    return found.map((version) => ({ ...version, key: version.name.slice(bucket.length) }));
  };

  function listVersions(bucketPath: string, request: FakeRequest, response: ServerResponse): void {
    const after = `${request.query.get('key-marker') ?? ''} ${request.query.get('version-id-marker') ?? ''}`;
    const sorted = of(bucketPath)
      .map((version) => ({ ...version, order: `${version.key} ${version.id}` }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .filter(({ order }) => order > after);
    const page = sorted.slice(0, PAGE);
    const entries = page.map(({ key, id, marker }) => {
      const tag = marker ? 'DeleteMarker' : 'Version';
      return `<${tag}><Key>${key}</Key><VersionId>${id}</VersionId></${tag}>`;
    });
    const more = sorted.length > PAGE;
    const last = page.at(-1);
    const next = more
      ? `<NextKeyMarker>${last?.key}</NextKeyMarker><NextVersionIdMarker>${last?.id}</NextVersionIdMarker>`
      : '';
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(
        `<?xml version="1.0"?><ListVersionsResult><IsTruncated>${more}</IsTruncated>${next}${entries.join('')}</ListVersionsResult>`,
      );
  }

  /** Of each object one version, as its request names them; S3 wants the checksum of such a request. */
  function deleteMany(bucketPath: string, request: FakeRequest, response: ServerResponse): void {
    if (request.headers['x-amz-checksum-crc32'] !== crcOf(request.body))
      return void refuse(response, 400, 'InvalidRequest');
    const asked = [...request.body.toString().matchAll(/<Object>(.*?)<\/Object>/gs)].map(
      ([, entry = '']) => ({
        name: `${bucketPath.replace(/\/$/, '')}/${/<Key>(.*?)<\/Key>/.exec(entry)?.[1]}`,
        id: /<VersionId>(.*?)<\/VersionId>/.exec(entry)?.[1],
      }),
    );
    const refused = asked.filter(({ name }) => locked.has(name));
    versions = versions.filter(
      ({ name, id }) => locked.has(name) || !asked.some((one) => one.name === name && one.id === id),
    );
    for (const name of objects.keys()) if (!versions.some((one) => one.name === name)) objects.delete(name);
    const errors = refused.map(
      ({ name }) =>
        `<Error><Key>${name}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`,
    );
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(`<?xml version="1.0"?><DeleteResult>${errors.join('')}</DeleteResult>`);
  }

  return {
    ...server,
    objects,
    counts,
    actions,
    locked,
    versions: (bucket) => of(bucket),
    failNext(method, status, code, times = 1) {
      for (let i = 0; i < times; i++) failures.push({ method, status, code });
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function crcOf(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}
const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;
