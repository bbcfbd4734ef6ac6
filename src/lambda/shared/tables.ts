import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { bounded } from '../../adapters/aws/bounded.ts';
import { dynamoBroadcasts } from '../../adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../adapters/aws/dynamodb-connections.ts';
import { dynamoDivisions } from '../../adapters/aws/dynamodb-divisions.ts';
import { dynamoPunches } from '../../adapters/aws/dynamodb-punches.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import type { Broadcasts, Connections, Divisions, Punches } from '../../ports.ts';
import { once, variable } from './variables.ts';

/** It answers within some ten milliseconds, or something is wrong; a lease lasts three times as long as the SDK's four tries. */
const DYNAMO_MS = 1_000;

/** Clients live as long as the instance of the function: their connections are kept from event to event. */
export const dynamo = once(() => new DynamoDBClient(bounded(DYNAMO_MS)));

export const connectionShards = (): number => Number(variable('CONNECTION_SHARDS'));
export const connectionsTable = (): string => variable('CONNECTIONS_TABLE');
export const broadcasts = once(
  (): Broadcasts => dynamoBroadcasts({ client: dynamo(), table: variable('BROADCASTS_TABLE') }),
);
export const connections = once(
  (): Connections =>
    dynamoConnections({
      client: dynamo(),
      table: connectionsTable(),
      shards: connectionShards(),
      clock: systemClock,
    }),
);
export const divisions = once(
  (): Divisions =>
    dynamoDivisions({ client: dynamo(), table: variable('BROADCASTS_TABLE'), now: systemClock.now }),
);
export const punches = once(
  (): Punches =>
    dynamoPunches({
      client: dynamo(),
      table: variable('BROADCASTS_TABLE'),
      marksTable: connectionsTable(),
      now: systemClock.now,
    }),
);
