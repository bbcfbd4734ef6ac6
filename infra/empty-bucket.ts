import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { Bucket } from '../src/adapters/aws/s3-object.ts';

/** Deletes every version of every object; a versioned bucket cannot be deleted before. One that is gone is empty. */
export async function emptyBucket({ client, bucket }: Bucket): Promise<number> {
  let deleted = 0;
  // The first page anew each time: what was on it is gone.
  for (;;) {
    const page = await client
      .send(new ListObjectVersionsCommand({ Bucket: bucket }))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchBucket') return {};
        throw error;
      });
    const Objects = versionsOn(page);
    if (Objects.length === 0) return deleted;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors[0]) throw new Error(`${Errors.length} objects of ${bucket} stay: ${Errors[0].Message}`);
    deleted += Objects.length;
  }
}

export async function countVersions({ client, bucket }: Bucket): Promise<number> {
  let count = 0;
  let next: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
  while (next) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, ...next }),
    );
    count += versionsOn(page).length;
    const { NextKeyMarker: KeyMarker = '', NextVersionIdMarker: VersionIdMarker = '' } = page;
    next = page.IsTruncated ? { KeyMarker, VersionIdMarker } : null;
  }
  return count;
}

/** Of a deleted object the marker that says so is a version, too. */
const versionsOn = ({ Versions = [], DeleteMarkers = [] }: Partial<ListObjectVersionsCommandOutput>) =>
  [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }) as ObjectIdentifier);
