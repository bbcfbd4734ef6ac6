import { signedGateway } from '../../adapters/aws/gateway/signed-gateway.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { log } from './observe.ts';
import { dynamo } from './tables.ts';
import { variable } from './variables.ts';

/** The connections of our listeners, asked for as the client of the tables asks for its own: same Region, same provider. */
export const gateway = () => {
  const { region, credentials } = dynamo().config;
  const endpoint = variable('GATEWAY_ENDPOINT');
  return signedGateway({ endpoint, region, credentials, clock: systemClock, log });
};
