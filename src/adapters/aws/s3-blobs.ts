import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { BlobName, Blobs, Site } from '../../ports.ts';
import { siteHeaders } from '../site-headers.ts';
import { site } from '../stores/site.ts';
import {
  type Bucket,
  createObject,
  type Headers,
  readObject,
  removeObject,
  replaceObject,
  writeObject,
} from './s3-object.ts';

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  mid: 'audio/midi',
  png: 'image/png',
  musicxml: 'application/vnd.recordare.musicxml+xml',
};
const typeOf = (name: string): Headers => {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
  return type ? { ContentType: type } : {};
};

/**
 * The objects of a bucket.
 * @param headersOf what an object is labelled with, by its name
 */
export function s3Blobs(bucket: Bucket, headersOf: (name: string) => Headers = typeOf): Blobs {
  return {
    describe: (name) => `s3://${bucket.bucket}/${name}`,
    read: (name) => readObject(bucket, name),
    create: (name, body) => createObject(bucket, name, body, headersOf(name)),
    write: (name, body) => writeObject(bucket, name, body, headersOf(name)),
    replace: (name, before, body) => replaceObject(bucket, name, before, body, headersOf(name)),
    remove: (name) => removeObject(bucket, name),
    // S3 lists in the order of UTF-8, which is ours.
    async names(prefix) {
      const names: BlobName[] = [];
      const pages = paginateListObjectsV2(
        { client: bucket.client },
        { Bucket: bucket.bucket, Prefix: prefix },
      );
      for await (const { Contents = [] } of pages) {
        for (const { Key, LastModified } of Contents)
          if (Key) names.push({ name: Key, writtenAt: LastModified?.getTime() ?? 0 });
      }
      return names;
    },
  };
}

/** The public files in the bucket behind CloudFront; each carries the headers that CloudFront hands on. */
export const s3SiteBlobs = (bucket: Bucket): Blobs =>
  s3Blobs(bucket, (path) => {
    const { contentType, cacheControl } = siteHeaders(path);
    return { ContentType: contentType, CacheControl: cacheControl };
  });
export const s3Site = (bucket: Bucket): Site => site(s3SiteBlobs(bucket));
