import { type Bucket, writeObject } from '../src/adapters/aws/s3-object.ts';
import type { Asset } from '../src/adapters/net/http.ts';
import { withAddress } from '../src/adapters/site-address.ts';
import { siteHeaders } from '../src/adapters/site-headers.ts';

/** A file of the page as it is stored: CloudFront hands its headers on. */
export type PageObject = {
  readonly key: string;
  readonly body: Uint8Array;
  readonly type: string;
  readonly cacheControl: string;
};

/**
 * What the page consists of, the documents last, so that none names what is not there.
 * @param siteUrl where it will be, without a slash at its end
 */
export const pageObjects = (assets: ReadonlyMap<string, Asset>, siteUrl: string): readonly PageObject[] =>
  [...assets]
    .sort(([a], [b]) => turn(a) - turn(b))
    .map(([path, { body, type }]) => {
      const key = `${path.slice(1)}${path.endsWith('/') ? 'index.html' : ''}`;
      const placed = path.endsWith('/') ? withAddress(body, siteUrl) : body;
      return { key, body: placed, type, cacheControl: siteHeaders(key).cacheControl };
    });

export async function uploadPage(objects: readonly PageObject[], bucket: Bucket): Promise<void> {
  for (const { key, body, type, cacheControl } of objects) {
    await writeObject(bucket, key, body, { ContentType: type, CacheControl: cacheControl });
  }
}

/** Documents name the rest, so they come after it; the page's own is the last. */
const turn = (path: string): number => Number(path.endsWith('/')) + Number(path === '/');
