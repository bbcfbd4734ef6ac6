/** Requests that nobody signed, for whoever looks at how they are carried. */
import type { Field, HttpRequest } from '../../src/adapters/aws/gateway/request.ts';

const NONE: readonly Field[] = [];

/** @param shared the same array for requests that have the fields in common */
export function asking(name: string, body = '', shared: readonly Field[] = NONE): HttpRequest {
  const bytes = Buffer.from(body);
  return {
    ...{ method: body === '' ? 'GET' : 'POST', path: `/${name}`, authority: 'gateway.test' },
    ...{ shared, authorization: `for ${name}` },
    body: { bytes, text: bytes.toString('latin1'), sha256: '' },
  };
}
