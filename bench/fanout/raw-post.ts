import { createHmac, hash } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Post } from '../../src/ports.ts';

type Config = {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

const SERVICE = 'execute-api';
const sha256 = (text: string): string => hash('sha256', text);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/**
 * The least that a post can cost: one request, signed by hand (AWS, "Signature Version 4"), with the day's key kept
 * and a frame hashed once for everybody. To compare with; it knows no 410, no 429, and no changing credentials.
 */
export function rawPost({ endpoint, region, accessKeyId, secretAccessKey }: Config): Post {
  const { hostname, port, host } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  let key: { date: string; bytes: Buffer } = { date: '', bytes: Buffer.alloc(0) };
  let body = { frame: '', hash: '' };

  const keyOf = (date: string): Buffer => {
    if (key.date !== date) {
      const dated = hmac(`AWS4${secretAccessKey}`, date);
      key = { date, bytes: hmac(hmac(hmac(dated, region), SERVICE), 'aws4_request') };
    }
    return key.bytes;
  };

  return (connectionId, frame) =>
    new Promise((resolve, reject) => {
      const at = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
      const scope = `${at.slice(0, 8)}/${region}/${SERVICE}/aws4_request`;
      if (body.frame !== frame) body = { frame, hash: sha256(frame) };
      const path = `/@connections/${encodeURIComponent(connectionId)}`;
      const canonical = `POST\n${path.replaceAll('%', '%25')}\n\nhost:${host}\nx-amz-date:${at}\n\nhost;x-amz-date\n${body.hash}`;
      const toSign = `AWS4-HMAC-SHA256\n${at}\n${scope}\n${sha256(canonical)}`;
      const signature = hmac(keyOf(at.slice(0, 8)), toSign).toString('hex');
      const headers = {
        host,
        'x-amz-date': at,
        'content-length': Buffer.byteLength(frame),
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      };
      const post = request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
        response.resume();
        response.once('end', () => resolve('sent'));
      });
      post.once('error', reject);
      post.end(frame);
    });
}
