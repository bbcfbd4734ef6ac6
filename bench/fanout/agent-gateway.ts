/** The same signed request over `node:https` and its agent: what undici's pool is chosen against. */
import { Agent, request } from 'node:https';
import type { Gateway } from '../../src/adapters/aws/gateway/post.ts';
import { type SignerConfig, signer } from '../../src/adapters/aws/gateway/signer.ts';

export function agentGateway(
  config: Omit<SignerConfig, 'origin'> & { endpoint: string; ca: string },
): Gateway {
  const { origin, hostname, port } = new URL(config.endpoint);
  const sign = signer({ ...config, origin });
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca: config.ca });
  const send = async (method: 'POST' | 'DELETE', id: string, frame: string | null) => {
    const path = `/@connections/${encodeURIComponent(id)}`;
    const body = frame === null ? null : sign.body(frame);
    const signed = await sign.headers(method, path, body, Date.now());
    const headers = { ...signed, 'content-length': body?.bytes.length ?? 0 };
    return new Promise<{ status: number; error: string }>((resolve, reject) => {
      const one = request({ agent, hostname, port, path, method, headers }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode ?? 0, error: '' }));
      });
      one.once('error', reject);
      one.end(body?.bytes);
    });
  };
  return {
    post: (id, frame) => send('POST', id, frame),
    hangUp: (id) => send('DELETE', id, null),
    close: async () => agent.destroy(),
  };
}
