import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import { memoryManners } from '../../src/adapters/memory/manners.ts';
import { memoryBroadcasts, memoryConnections } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { memoryWindows } from '../../src/adapters/memory/windows.ts';
import { broadcastsContract } from '../contracts/broadcasts.ts';
import { connectionsContract } from '../contracts/connections.ts';
import { divisionsContract } from '../contracts/divisions.ts';
import { mannersContract } from '../contracts/manners.ts';
import { punchesContract } from '../contracts/punches.ts';
import { windowsContract } from '../contracts/windows.ts';

const nothing = async () => {};
divisionsContract('memory', async () => ({ divisions: memoryDivisions(), close: nothing }));
connectionsContract('memory', async () => ({ connections: memoryConnections(), close: nothing }));
broadcastsContract('memory', async () => ({ broadcasts: memoryBroadcasts(), close: nothing }));
windowsContract('memory', async () => ({ windows: memoryWindows() }));
punchesContract('memory', async () => ({ punches: memoryPunches(), close: nothing }));
mannersContract('memory', async () => {
  let now = 1_000_000;
  const elapse = (ms: number) => {
    now += ms;
  };
  return { manners: memoryManners({ now: () => now }), elapse, close: nothing };
});
