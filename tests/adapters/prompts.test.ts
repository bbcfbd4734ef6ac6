import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { s3Prompts } from '../../src/adapters/aws/s3-prompts.ts';
import { filePrompts } from '../../src/adapters/disk/prompts.ts';
import { promptsContract } from '../contracts/prompts.ts';
import { fakeClient } from '../fakes/http.ts';
import { fakeS3 } from '../fakes/s3.ts';

promptsContract('prompts as files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-prompts-'));
  return {
    prompts: filePrompts(directory),
    spoil: (name, body) => writeFile(join(directory, name), body),
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

promptsContract('prompts in S3', async () => {
  const s3 = await fakeS3();
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  return {
    prompts: s3Prompts({ client, bucket: 'archive' }),
    async spoil(name, body) {
      s3.objects.set(`archive/prompts/${name}`, { body: Buffer.from(body), headers: {} });
    },
    async close() {
      client.destroy();
      await s3.close();
    },
  };
});
