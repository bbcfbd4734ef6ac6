import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { s3SiteBlobs } from '../../../src/adapters/aws/s3-blobs.ts';
import { directoryBlobs } from '../../../src/adapters/disk/directory-blobs.ts';
import { memoryBlobs } from '../../../src/adapters/memory/blobs.ts';
import { pageServer } from '../../../src/adapters/net/http.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';
import { siteHeaders } from '../../../src/adapters/site-headers.ts';
import { liveFiles } from '../../../src/adapters/stores/live-files.ts';
import { liveFilesContract } from '../../contracts/live-files.ts';
import { fakeClient } from '../../fakes/http.ts';
import { fakeS3 } from '../../fakes/s3.ts';

liveFilesContract('memory', async () => {
  const blobs = memoryBlobs();
  return {
    files: liveFiles(blobs),
    async served(path) {
      const body = blobs.files.get(path);
      return body
        ? { body: new TextDecoder().decode(body), cacheControl: siteHeaders(path).cacheControl }
        : null;
    },
    close: async () => {},
  };
});

liveFilesContract('a station’s directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-live-'));
  const server = pageServer(new Map(), directory);
  const url = `http://127.0.0.1:${await listenOn(server, 0, '127.0.0.1')}`;
  return {
    files: liveFiles(directoryBlobs(directory)),
    async served(path) {
      const response = await fetch(`${url}/${path}`);
      const body = await response.text();
      return response.status === 404
        ? null
        : { body, cacheControl: response.headers.get('cache-control') ?? '' };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(directory, { recursive: true });
    },
  };
});

liveFilesContract('S3', async () => {
  const s3 = await fakeS3();
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  return {
    files: liveFiles(s3SiteBlobs({ client, bucket: 'site' })),
    async served(path) {
      const object = s3.objects.get(`site/${path}`);
      return object
        ? { body: object.body.toString(), cacheControl: object.headers['cache-control'] ?? '' }
        : null;
    },
    async close() {
      client.destroy();
      await s3.close();
    },
  };
});
