import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type PromptStore, promptStore } from '../prompt-store.ts';
import { type Bucket, createObject, readObject, writeObject } from './s3-object.ts';

const PREFIX = 'prompts/';
const typeOf = (name: string) => ({
  ContentType: name.endsWith('.json') ? 'application/json' : 'audio/midi',
});

/** Prompts under `prompts/` of the private bucket. */
export function s3Prompts(bucket: Bucket): PromptStore {
  return promptStore({
    describe: (name) => `s3://${bucket.bucket}/${PREFIX}${name}`,
    read: (name) => readObject(bucket, `${PREFIX}${name}`),
    create: (name, body) => createObject(bucket, `${PREFIX}${name}`, body, typeOf(name)),
    write: (name, body) => writeObject(bucket, `${PREFIX}${name}`, body, typeOf(name)),
    async names() {
      const names: string[] = [];
      const pages = paginateListObjectsV2(
        { client: bucket.client },
        { Bucket: bucket.bucket, Prefix: PREFIX },
      );
      for await (const page of pages) {
        for (const { Key = '' } of page.Contents ?? []) names.push(Key.slice(PREFIX.length));
      }
      return names;
    },
  });
}
