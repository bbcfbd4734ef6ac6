import { signedGateway } from '../../adapters/aws/gateway/signed-gateway.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { dynamo } from './tables.ts';
import { variable } from './variables.ts';

/** The connections of our listeners, asked for as the client of the tables asks for its own: same Region, same provider. */
export const gateway = () => {
  const { region, credentials } = dynamo().config;
  return signedGateway({ endpoint: variable('GATEWAY_ENDPOINT'), region, credentials, clock: systemClock });
};
