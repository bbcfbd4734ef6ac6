/** What `continue` is told to do, by whichever way it was told. */
import * as v from 'valibot';
import { versionOf } from '../../adapters/aws/s3-object.ts';
import { payloadOf } from './payload.ts';

/** An object that was written. `version`: of its ETag and version; absent where nobody said. */
export type Written = { readonly bucket: string; readonly key: string; readonly version?: string };
/** How much is added, and by which seed, where that was said. */
export type How = { readonly minutes?: number | undefined; readonly seed?: number | undefined };
export type Task =
  | (How & { readonly kind: 'stored'; readonly key: string })
  | (How & { readonly kind: 'given'; readonly midi: Uint8Array; readonly name: string })
  | { readonly kind: 'queued'; readonly messages: readonly { id: string; written: readonly Written[] }[] };

const how = {
  minutes: v.optional(v.pipe(v.number(), v.minValue(0.5), v.maxValue(2))),
  seed: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
};
const Stored = v.object({ key: v.pipe(v.string(), v.startsWith('prompts/'), v.maxLength(1024)), ...how });
const Given = v.object({
  midi: v.pipe(v.string(), v.base64()),
  name: v.optional(v.pipe(v.string(), v.maxLength(120))),
  ...how,
});
const Queued = v.object({
  Records: v.array(v.object({ messageId: v.string(), body: v.union([v.string(), v.looseObject({})]) })),
});
/** What S3 tells; of an `s3:TestEvent`, which it sends when a notification is set up, there are no records. */
const Notification = v.object({
  Records: v.optional(
    v.array(
      v.object({
        s3: v.object({
          bucket: v.object({ name: v.string() }),
          object: v.object({
            key: v.string(),
            eTag: v.optional(v.string()),
            versionId: v.optional(v.string()),
          }),
        }),
      }),
    ),
    [],
  ),
});

/** @throws where it is none of these, with what was wrong */
export function taskOf(event: unknown): Task {
  const payload = payloadOf(event);
  if (v.is(Queued, payload)) {
    return {
      kind: 'queued',
      messages: payload.Records.map(({ messageId, body }) => ({ id: messageId, written: writtenOf(body) })),
    };
  }
  if (typeof payload === 'object' && payload !== null && 'midi' in payload) {
    const { midi, name = 'your music', ...rest } = v.parse(Given, payload);
    return { kind: 'given', midi: Buffer.from(midi, 'base64'), name, ...rest };
  }
  return { kind: 'stored', ...v.parse(Stored, payload) };
}

const writtenOf = (body: unknown): readonly Written[] =>
  v.parse(Notification, payloadOf(body)).Records.map(({ s3: { bucket, object } }) => ({
    bucket: bucket.name,
    key: decoded(object.key),
    ...(object.eTag === undefined ? {} : { version: versionOf(object.eTag, object.versionId) }),
  }));

/** Keys of notifications are encoded as in a form: spaces are pluses (S3 user guide, "Event message structure"). Once, and no more. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));
