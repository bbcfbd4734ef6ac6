/** One thing read from a service of AWS of which no more is wanted than that: a client of its own would be a package of its own. */
import { type SignerConfig, signer } from './gateway/signer.ts';

export type SignedGet = (service: string, origin: string, path: string) => Promise<string>;

/** Longer than any of these takes, milliseconds. */
const ANSWER_MS = 10_000;

/**
 * @param config where the caller's credentials are from; `region` is asked for services that have one
 * @returns the body of an answer of 2xx; throws an Error called as AWS calls it (`AccessDenied`, …) where it is another
 */
export const signedGet =
  (config: Pick<SignerConfig, 'region' | 'credentials'> & { readonly now: () => number }): SignedGet =>
  async (service, origin, path) => {
    // CloudFront is no Region's, and signed for as if it were of the first.
    const region = service === 'cloudfront' ? async () => 'us-east-1' : config.region;
    const sign = signer({ service, origin, region, credentials: config.credentials });
    const headers = await sign.headers('GET', path, null, config.now());
    const { host: _, ...sent } = headers;
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
