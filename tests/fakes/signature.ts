/**
 * Verifies a signature as the receiving end does, from what came over the wire alone (AWS, "Create a signed AWS API
 * request"). It shares no code with those who sign.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type Keys = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};
export type Signed = {
  readonly method: string;
  /** As it was sent, percent-encoded, without a query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};
export type Verdict =
  | 'valid'
  | 'unsigned'
  | 'unknown key'
  | 'expired token'
  | 'skewed'
  | 'wrong body'
  | 'wrong';

const SKEW_MS = 300_000;
const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
/** "URI-encode each path segment": everything but the unreserved characters of RFC 3986. */
const encoded = (segment: string): string =>
  [...Buffer.from(segment)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** @param now epoch milliseconds of the receiving end */
/** @param of the service that is asked */
export function verdictOn(request: Signed, keys: Keys, now: number, of = 'execute-api'): Verdict {
  const { headers } = request;
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([\da-f]{64})$/;
  const [, keyId, day, region, service, names, signature] = pattern.exec(headers.authorization ?? '') ?? [];
  const at = String(headers['x-amz-date']);
  if (!keyId || !names || !signature || !/^\d{8}T\d{6}Z$/.test(at)) return 'unsigned';
  if (keyId !== keys.accessKeyId) return 'unknown key';
  if (headers['x-amz-security-token'] !== keys.sessionToken) return 'expired token';
  const instant = Date.parse(at.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
  if (Math.abs(instant - now) > SKEW_MS || at.slice(0, 8) !== day) return 'skewed';
  const signedNames = names.split(';');
  const must = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  if (
    must.some((name) => !signedNames.includes(name)) ||
    [...signedNames].sort().join() !== signedNames.join()
  )
    return 'wrong';
  const bodyHash = sha256(request.body);
  if ((headers['x-amz-content-sha256'] ?? bodyHash) !== bodyHash) return 'wrong body';
  const canonical = [
    request.method,
    request.path.split('/').map(encoded).join('/'),
    '',
    ...signedNames.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names,
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n');
  const key = [day!, region!, service!, 'aws4_request'].reduce<Buffer | string>(
    hmac,
    `AWS4${keys.secretAccessKey}`,
  );
  const right = hmac(key, toSign);
  return timingSafeEqual(right, Buffer.from(signature, 'hex')) && service === of ? 'valid' : 'wrong';
}
