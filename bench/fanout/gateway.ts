import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { loopbackTls } from '../../tests/fakes/loopback-tls.ts';

/**
 * A gateway that takes every post, after as long as API Gateway takes within a Region, over HTTP/2 or HTTP/1.1 as the client
 * likes; it tells its parent where it is.
 */
const ANSWER_MS = 15;
const server: Http2SecureServer & { keepAliveTimeout?: number } = createSecureServer(
  { ...loopbackTls, allowHTTP1: true, settings: { maxConcurrentStreams: 128 } },
  (request, response) => {
    request.resume();
    request.once('end', () => setTimeout(() => response.end(), ANSWER_MS));
  },
);
// The ways take turns; none is to find its connections closed.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(`https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
});
