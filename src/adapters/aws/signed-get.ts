/** One thing read from a service of AWS of which no more is wanted than that: a client of its own would be a package of its own. */
import { hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Identity } from './credentials.ts';
import { Sha256 } from './sha256.ts';

export type SignedGet = (service: string, origin: string, path: string) => Promise<string>;

/** Longer than any of these takes, milliseconds. */
const ANSWER_MS = 10_000;
const NOTHING_SHA256 = hash('sha256', '');

/**
 * @param identity whose requests these are; `region` is asked for services that have one
 * @returns the body of an answer of 2xx; throws an Error called as AWS calls it (`AccessDenied`, …) where it is another
 */
export const signedGet =
  ({ region, credentials, now }: Identity & { readonly now: () => number }): SignedGet =>
  async (service, origin, path) => {
    const { protocol, hostname, host } = new URL(origin);
    const signature = new SignatureV4({
      ...{ service, credentials, sha256: Sha256, applyChecksum: false },
      // CloudFront is no Region's, and signed for as if it were of the first.
      region: service === 'cloudfront' ? async () => 'us-east-1' : region,
    });
    // A hash that is given is taken as it is.
    const headers = { host, 'x-amz-content-sha256': NOTHING_SHA256 };
    const request = { method: 'GET', protocol, hostname, path, query: {}, headers };
    const signed = await signature.sign(request, { signingDate: new Date(now()) });
    const { host: _, ...sent } = signed.headers;
    const answer = await fetch(origin + path, {
      headers: { accept: 'application/json', ...sent },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body = await answer.text();
    if (answer.ok) return body;
    const type =
      answer.headers.get('x-amzn-errortype')?.split(':')[0] ?? /<Code>(\w+)<\/Code>/.exec(body)?.[1];
    const error = new Error(`${service} answered ${answer.status}: ${body.slice(0, 300)}`);
    error.name = type ?? 'Error';
    throw error;
  };
