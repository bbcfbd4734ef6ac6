import { memoryDivisions } from '../../src/adapters/memory/divisions.ts';
import { memoryBroadcasts, memoryConnections } from '../../src/adapters/memory/memory.ts';
import { memoryWindows } from '../../src/adapters/memory/windows.ts';
import { broadcastsContract } from '../contracts/broadcasts.ts';
import { connectionsContract } from '../contracts/connections.ts';
import { divisionsContract } from '../contracts/divisions.ts';
import { windowsContract } from '../contracts/windows.ts';

const nothing = async () => {};
divisionsContract('memory', async () => ({ divisions: memoryDivisions(), close: nothing }));
connectionsContract('memory', async () => ({ connections: memoryConnections(), close: nothing }));
broadcastsContract('memory', async () => ({ broadcasts: memoryBroadcasts(), close: nothing }));
windowsContract('memory', async () => ({ windows: memoryWindows() }));
