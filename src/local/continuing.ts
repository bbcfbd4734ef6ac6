/** A station's own queue of visitors' music; what they ask to keep lies in `shared/` of the data directory. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { directoryBlobs } from '../adapters/disk/directory-blobs.ts';
import { continuations, type QueuePorts } from '../continue/queue.ts';

export const openContinuing = (dataDir: string, ports: Pick<QueuePorts, 'open' | 'clock' | 'log'>) =>
  continuations({
    ...ports,
    newId: () => randomBytes(16).toString('hex'),
    shared: directoryBlobs(join(dataDir, 'shared')),
  });
