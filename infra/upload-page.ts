import type { Asset } from '../src/adapters/http.ts';
import { type Bucket, writeObject } from '../src/adapters/s3-object.ts';
import { siteHeaders } from '../src/adapters/site-headers.ts';

/** Uploads what the page consists of; the document last, so that it never names what is not there. */
export async function uploadPage(assets: ReadonlyMap<string, Asset>, bucket: Bucket): Promise<number> {
  const documentsLast = [...assets].sort(([a], [b]) => Number(a.endsWith('/')) - Number(b.endsWith('/')));
  for (const [path, { body, type }] of documentsLast) {
    const key = `${path.slice(1)}${path.endsWith('/') ? 'index.html' : ''}`;
    await writeObject(bucket, key, body, { ContentType: type, CacheControl: siteHeaders(key).cacheControl });
  }
  return documentsLast.length;
}
