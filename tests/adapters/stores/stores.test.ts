import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { s3Blobs } from '../../../src/adapters/aws/s3-blobs.ts';
import { databaseBlobs } from '../../../src/adapters/database/blobs.ts';
import { openDatabase } from '../../../src/adapters/database/database.ts';
import { directoryBlobs } from '../../../src/adapters/disk/directory-blobs.ts';
import { memoryBlobs } from '../../../src/adapters/memory/blobs.ts';
import { broadcastRecords } from '../../../src/adapters/stores/broadcast-records.ts';
import { models } from '../../../src/adapters/stores/models.ts';
import { performances } from '../../../src/adapters/stores/performances.ts';
import { prompts } from '../../../src/adapters/stores/prompts.ts';
import { site } from '../../../src/adapters/stores/site.ts';
import { openStores } from '../../../src/local/data.ts';
import { blobsContract, type OpenedBlobs } from '../../contracts/blobs.ts';
import { recordsContract } from '../../contracts/broadcast-records.ts';
import { modelsContract } from '../../contracts/models.ts';
import { performancesContract } from '../../contracts/performances.ts';
import { promptsContract } from '../../contracts/prompts.ts';
import { siteContract } from '../../contracts/site.ts';
import { fakeClient } from '../../fakes/http.ts';
import { fakeS3 } from '../../fakes/s3.ts';

/** Every store over every driver. */
const DRIVERS: Readonly<Record<string, () => Promise<OpenedBlobs>>> = {
  memory: async () => ({ blobs: memoryBlobs(), close: async () => {} }),
  'a directory': async () => {
    const path = await mkdtemp(join(tmpdir(), 'pianola-blobs-'));
    return { blobs: directoryBlobs(path), close: () => rm(path, { recursive: true }) };
  },
  'the database': async () => {
    const path = await mkdtemp(join(tmpdir(), 'pianola-blobs-'));
    const database = openDatabase(join(path, 'pianola.db'));
    return {
      blobs: databaseBlobs(database, Date.now),
      async close() {
        database.close();
        await rm(path, { recursive: true });
      },
    };
  },
  'a data directory': async () => {
    const path = await mkdtemp(join(tmpdir(), 'pianola-blobs-'));
    const { blobs, close } = openStores(path);
    return {
      blobs,
      async close() {
        close();
        await rm(path, { recursive: true });
      },
    };
  },
  S3: async () => {
    const s3 = await fakeS3();
    const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
    return {
      blobs: s3Blobs({ client, bucket: 'archive' }),
      async close() {
        client.destroy();
        await s3.close();
      },
    };
  },
};

for (const [name, open] of Object.entries(DRIVERS)) {
  blobsContract(name, open);
  performancesContract(name, async () => {
    const { blobs, close } = await open();
    return { blobs, performances: performances(blobs), close };
  });
  recordsContract(name, async () => {
    const { blobs, close } = await open();
    return { blobs, records: broadcastRecords(blobs), close };
  });
  promptsContract(name, async () => {
    const { blobs, close } = await open();
    return { blobs, prompts: prompts(blobs), close };
  });
  siteContract(name, async () => {
    const { blobs, close } = await open();
    return { site: site(blobs), close };
  });
  modelsContract(name, async () => {
    const { blobs, close } = await open();
    const scratch = await mkdtemp(join(tmpdir(), 'pianola-scratch-'));
    return {
      blobs,
      models: models(blobs, { scratch }),
      others: models(blobs, { scratch }),
      async close() {
        await close();
        await rm(scratch, { recursive: true });
      },
    };
  });
}
