/** S3's POST Object: a form that its own signed policy admits, or the error that S3 answers with (S3 API, "POST Policy"). */
import { createHmac } from 'node:crypto';
import type { FakeRequest } from './http.ts';

type Posted = { readonly key: string; readonly body: Buffer; readonly type: string };
type Refused = { readonly status: number; readonly code: string };
type Policy = {
  readonly expiration: string;
  readonly conditions: readonly (Readonly<Record<string, string>> | readonly [string, ...unknown[]])[];
};

/** @param secret of the key that signed it */
export async function posted(
  bucket: string,
  { headers, body }: FakeRequest,
  secret = 'fake',
): Promise<Posted | Refused> {
  const type = headers['content-type'] ?? '';
  const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': type } }).formData();
  const fields = new Map<string, string>();
  let file: File | null = null;
  for (const [name, value] of form) {
    // What comes after the file is not looked at.
    if (file) break;
    if (typeof value === 'string') fields.set(name.toLowerCase(), value);
    else file = value;
  }
  const of = (name: string) => fields.get(name.toLowerCase()) ?? '';
  if (!file) return { status: 400, code: 'InvalidArgument' };
  const [, date = '', region = '', service = ''] = of('x-amz-credential').split('/');
  const sign = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [date, region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => sign(before, part),
    Buffer.from(`AWS4${secret}`),
  );
  if (sign(key, of('policy')).toString('hex') !== of('x-amz-signature'))
    return { status: 403, code: 'SignatureDoesNotMatch' };
  const policy: Policy = JSON.parse(Buffer.from(of('policy'), 'base64').toString());
  if (Date.parse(policy.expiration) < Date.now()) return { status: 403, code: 'AccessDenied' };
  const covered = new Set(['policy', 'x-amz-signature']);
  for (const condition of policy.conditions) {
    if (Array.isArray(condition)) {
      const [kind, least, most] = condition as [string, number, number];
      if (kind !== 'content-length-range') return { status: 403, code: 'AccessDenied' };
      if (file.size > most) return { status: 400, code: 'EntityTooLarge' };
      if (file.size < least) return { status: 400, code: 'EntityTooSmall' };
      continue;
    }
    for (const [name, value] of Object.entries(condition as Record<string, string>)) {
      covered.add(name.toLowerCase());
      const is = name.toLowerCase() === 'bucket' ? bucket : of(name);
      if (is !== value) return { status: 403, code: 'AccessDenied' };
    }
  }
  // Each field of a form must have its condition.
  if ([...fields.keys()].some((name) => !covered.has(name))) return { status: 403, code: 'AccessDenied' };
  return { key: of('key'), body: Buffer.from(await file.arrayBuffer()), type: of('content-type') };
}
