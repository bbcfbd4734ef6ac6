import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filePerformances, fileSite } from '../../src/adapters/disk/performances.ts';
import { localTimer } from '../../src/adapters/local-timer.ts';
import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import {
  memoryBroadcasts,
  memoryConnections,
  memoryPerformances,
  memorySite,
} from '../../src/adapters/memory/memory.ts';
import { broadcastsContract } from '../contracts/broadcasts.ts';
import { connectionsContract } from '../contracts/connections.ts';
import { divisionsContract } from '../contracts/divisions.ts';
import { performancesContract } from '../contracts/performances.ts';
import { siteContract } from '../contracts/site.ts';
import { timerContract } from '../contracts/timer.ts';
import { fakeClock } from '../support/fake-clock.ts';

const nothing = async () => {};
const directory = async () => {
  const path = await mkdtemp(join(tmpdir(), 'pianola-'));
  return { path, close: () => rm(path, { recursive: true }) };
};

performancesContract('memory', async () => ({ performances: memoryPerformances(), close: nothing }));
performancesContract('a directory', async () => {
  const { path, close } = await directory();
  return {
    performances: filePerformances(path),
    async corrupt({ record }) {
      if (!(await readdir(path)).includes(`${record.midiSha256}.mid`)) throw new Error('no MIDI to corrupt');
      await writeFile(join(path, `${record.midiSha256}.mid`), 'MThd changed');
    },
    close,
  };
});
siteContract('memory', async () => ({ site: memorySite(), close: nothing }));
siteContract('a directory', async () => {
  const { path, close } = await directory();
  return { site: fileSite(path), close };
});
timerContract('this process', async () => {
  const clock = fakeClock(Date.UTC(2026, 10, 21, 12));
  const fired: string[] = [];
  const fire = async (id: string, reason: string) => void fired.push(`${id} ${reason}`);
  const timer = localTimer(clock, fire, (error) => {
    throw error;
  });
  return { timer, now: clock.now, fired, elapse: (ms) => clock.runTo(clock.now() + ms), close: nothing };
});
divisionsContract('memory', async () => ({ divisions: memoryDivisions(), close: nothing }));
connectionsContract('memory', async () => ({ connections: memoryConnections(), close: nothing }));
broadcastsContract('memory', async () => ({ broadcasts: memoryBroadcasts(), close: nothing }));
