/** Our gateway, asked with credentials that every fake takes. */
import { signedGateway } from '../../src/adapters/aws/gateway/signed-gateway.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { loopbackTls } from '../fakes/loopback-tls.ts';

const fakeKeys = { accessKeyId: 'fake', secretAccessKey: 'fake' };

export const gatewayAt = (endpoint: string, more: Partial<Parameters<typeof signedGateway>[0]> = {}) =>
  signedGateway({
    endpoint,
    region: async () => 'eu-central-1',
    credentials: async () => fakeKeys,
    clock: systemClock,
    ca: loopbackTls.ca,
    ...more,
  });
