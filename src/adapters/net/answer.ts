/** Answers with a whole body out of memory. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encoded, encodingFor, mayBeEncoded } from './encoding.ts';

/** @param body must not change any more: it is compressed once */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array,
): void {
  const encoding = encodingFor(request, type, body.byteLength);
  const sent = encoding ? encoded(body, encoding) : body;
  response.setHeader('content-type', type);
  response.setHeader('content-length', sent.byteLength);
  if (encoding) response.setHeader('content-encoding', encoding);
  if (mayBeEncoded(type, body.byteLength)) response.setHeader('vary', 'accept-encoding');
  response.writeHead(status).end(request.method === 'HEAD' ? undefined : sent);
}
