/** The same signed request over `node:https` and its agent: what kept connections of our own are chosen against. */
import { Agent, request } from 'node:https';
import type { Gateway } from '../../src/adapters/aws/gateway/post.ts';
import {
  type Body,
  type Method,
  NOTHING,
  type RequestsConfig,
  requests,
} from '../../src/adapters/aws/gateway/signed-request.ts';

export function agentGateway(config: RequestsConfig & { ca: string }): Gateway {
  const { hostname, port } = new URL(config.endpoint);
  const ours = requests(config);
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca: config.ca });
  const send = async (method: Method, id: string, body: Body, bytes: Buffer) => {
    const { text } = await ours.signed(method, id, body, Date.now());
    const [first, ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ', 2)));
    const path = first!.split(' ')[1]!;
    return new Promise<{ status: number; error: string }>((resolve, reject) => {
      const one = request({ agent, hostname, port, path, method, headers }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode ?? 0, error: '' }));
      });
      one.once('error', reject);
      one.end(bytes);
    });
  };
  const encoded = new Map<string, Buffer>();
  return {
    post(id, frame) {
      const bytes = encoded.get(frame) ?? Buffer.from(frame);
      encoded.set(frame, bytes);
      return send('POST', id, ours.body(frame), bytes);
    },
    hangUp: (id) => send('DELETE', id, NOTHING, Buffer.alloc(0)),
    close: async () => agent.destroy(),
  };
}
