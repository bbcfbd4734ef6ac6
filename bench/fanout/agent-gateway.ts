/** The same signed request over `node:https` and its agent: what kept connections of our own are chosen against. */
import { Agent, request } from 'node:https';
import type { Gateway } from '../../src/adapters/aws/gateway/post.ts';
import type { Body } from '../../src/adapters/aws/gateway/request.ts';
import {
  type Method,
  NOTHING,
  type RequestsConfig,
  requests,
} from '../../src/adapters/aws/gateway/signed-request.ts';

export function agentGateway(config: RequestsConfig & { ca: string }): Gateway {
  const { hostname, port } = new URL(config.endpoint);
  const ours = requests(config);
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca: config.ca });
  const send = async (method: Method, id: string, body: Body) => {
    const { request: signed } = await ours.signed(method, id, body, Date.now());
    const { path, authority, authorization, shared } = signed;
    const headers = { host: authority, ...Object.fromEntries(shared), authorization };
    return new Promise<{ status: number; error: string }>((resolve, reject) => {
      const one = request({ agent, hostname, port, path, method, headers }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode ?? 0, error: '' }));
      });
      one.once('error', reject);
      one.end(body.bytes);
    });
  };
  return {
    post: (id, frame) => send('POST', id, ours.body(frame)),
    hangUp: (id) => send('DELETE', id, NOTHING),
    close: async () => agent.destroy(),
  };
}
