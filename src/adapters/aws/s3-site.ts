import type { Site } from '../../ports.ts';
import { siteHeaders, sitePath } from '../site-headers.ts';
import { type Bucket, readObject, writeObject } from './s3-object.ts';

/** The public files in the bucket behind CloudFront; each carries the headers that CloudFront hands on. */
export function s3Site(bucket: Bucket): Site {
  return {
    get: async (path) => readObject(bucket, sitePath(path)),
    put: async (path, body) => {
      const { contentType, cacheControl } = siteHeaders(path);
      return writeObject(bucket, sitePath(path), body, {
        ContentType: contentType,
        CacheControl: cacheControl,
      });
    },
  };
}
