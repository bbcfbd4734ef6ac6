/** A form by which a stranger may write one object of a bucket, without passing through anything of ours. */
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import type { Bucket } from './s3-object.ts';

/**
 * A presigned POST: S3 itself refuses another name, another type, more than `mostBytes`, and what comes later than `forMs`
 * (S3 user guide, "POST policy"). Who has it may write that object again within the time, and nothing else.
 */
export async function formFor(
  { client, bucket }: Bucket,
  name: string,
  { mostBytes, forMs, type }: { readonly mostBytes: number; readonly forMs: number; readonly type: string },
): Promise<{ readonly url: string; readonly fields: Readonly<Record<string, string>> }> {
  const { url, fields } = await createPresignedPost(client, {
    Bucket: bucket,
    Key: name,
    // Each of these is a condition as well: another value is refused.
    Fields: { 'Content-Type': type, success_action_status: '201' },
    Conditions: [['content-length-range', 1, mostBytes]],
    Expires: forMs / 1000,
  });
  return { url, fields };
}
