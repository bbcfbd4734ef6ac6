import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** One bucket, as the adapters over S3 use it. */
export type Bucket = { readonly client: S3Client; readonly bucket: string };

/** Conflicts with a concurrent conditional write are temporary; S3 asks to try again. */
const CONFLICT_ATTEMPTS = 5;

/**
 * The bytes of an object, or null where there is none. The role must have `s3:ListBucket`: without it S3 answers
 * 403 for a missing key, which cannot be told from a forbidden one (S3 user guide, GetObject).
 * The SDK checks the CRC that was stored with the object.
 */
export async function readObject({ client, bucket }: Bucket, key: string): Promise<Uint8Array | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw new Error(`s3://${bucket}/${key} cannot be read`, { cause: error });
  }
}

/** An object as it is now. `version`: its ETag, and its version where the bucket keeps them; `etag`: as S3 said it. */
export type ObjectNow = { readonly version: string; readonly etag: string; readonly bytes: Uint8Array };

/**
 * The bytes of an object with what tells this content of it from others; null where there is none.
 * "too long": it has more bytes than `mostBytes`, and was not read.
 */
export async function readObjectNow(
  { client, bucket }: Bucket,
  key: string,
  mostBytes: number,
): Promise<ObjectNow | { readonly version: string; readonly tooLong: number } | null> {
  try {
    const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const version = versionOf(found.ETag, found.VersionId);
    const length = found.ContentLength ?? 0;
    if (length <= mostBytes)
      return {
        ...{ version, etag: found.ETag ?? '' },
        bytes: (await found.Body?.transformToByteArray()) ?? new Uint8Array(),
      };
    (found.Body as { destroy?(): void } | undefined)?.destroy?.();
    return { version, tooLong: length };
  } catch (error) {
    if (error instanceof NoSuchKey) return null;
    throw new Error(`s3://${bucket}/${key} cannot be read`, { cause: error });
  }
}

/** An event names the ETag without its quotes, an answer with them; "null" is the version of a bucket that keeps none. */
export const versionOf = (etag = '', version = 'null'): string => `${etag.replaceAll('"', '')} ${version}`;

export type Headers = Pick<PutObjectCommandInput, 'ContentType' | 'CacheControl'>;

export async function writeObject(
  { client, bucket }: Bucket,
  key: string,
  body: Uint8Array | string,
  headers: Headers = {},
): Promise<void> {
  try {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...headers }));
  } catch (cause) {
    throw new Error(`s3://${bucket}/${key} cannot be written`, { cause });
  }
}

/** S3 says the same of an object that was never there. */
export async function removeObject({ client, bucket }: Bucket, key: string): Promise<void> {
  try {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  } catch (cause) {
    throw new Error(`s3://${bucket}/${key} cannot be removed`, { cause });
  }
}

/** Writes an object that must not exist yet; of several writers exactly one creates it. */
export const createObject = async (
  bucket: Bucket,
  key: string,
  body: Uint8Array | string,
  headers: Headers = {},
): Promise<'created' | 'exists'> =>
  (await writeIf({ IfNoneMatch: '*' }, bucket, key, body, headers)) ? 'created' : 'exists';

/**
 * Writes an object that must still be what was read. It is read again for its ETag, which is a digest of the bytes for
 * some encryptions only (S3 user guide, "Checking object integrity"), and which nobody else then has to keep.
 * The role must have `s3:GetObject` besides `s3:PutObject` (S3 user guide, "Conditional writes").
 * @param before null: it must not exist
 */
export async function replaceObject(
  bucket: Bucket,
  key: string,
  before: Uint8Array | null,
  body: Uint8Array | string,
  headers: Headers = {},
): Promise<'replaced' | 'changed'> {
  if (before === null)
    return (await createObject(bucket, key, body, headers)) === 'created' ? 'replaced' : 'changed';
  const now = await readObjectNow(bucket, key, before.length);
  if (now === null || 'tooLong' in now || Buffer.compare(now.bytes, before) !== 0) return 'changed';
  return (await writeIf({ IfMatch: now.etag }, bucket, key, body, headers)) ? 'replaced' : 'changed';
}

/**
 * Writes on a condition. 412: it does not hold; 404: what was to match is gone; 409: another conditional write is under
 * way, to be repeated (S3 user guide, "Conditional writes").
 * @returns whether it held
 */
async function writeIf(
  condition: Pick<PutObjectCommandInput, 'IfMatch' | 'IfNoneMatch'>,
  { client, bucket }: Bucket,
  key: string,
  body: Uint8Array | string,
  headers: Headers,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...condition, ...headers }),
      );
      return true;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412 || (status === 404 && condition.IfMatch !== undefined)) return false;
      if (status !== 409 || attempt === CONFLICT_ATTEMPTS) {
        const what = condition.IfMatch === undefined ? 'created' : 'replaced';
        throw new Error(`s3://${bucket}/${key} cannot be ${what}`, { cause: error });
      }
    }
  }
}
