import { DeleteObjectsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Bucket } from '../src/adapters/s3-object.ts';

/** Deletes every version of every object; a versioned bucket cannot be deleted before. */
export async function emptyBucket({ client, bucket }: Bucket): Promise<number> {
  let deleted = 0;
  // The first page anew each time: what was on it is gone.
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }));
    if (Objects.length === 0) return deleted;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    if (Errors[0]) throw new Error(`${Errors.length} objects of ${bucket} stay: ${Errors[0].Message}`);
    deleted += Objects.length;
  }
}
