/** A port of loopback that nobody listens on; another may take it before it is used. */
import { createServer } from 'node:net';
import { listenOn } from '../../src/adapters/net/listen-on.ts';

export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOn(server, 0, '127.0.0.1');
  await new Promise((done) => server.close(done));
  return port;
}
