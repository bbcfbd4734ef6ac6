import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoBroadcasts } from '../adapters/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../adapters/dynamodb-connections.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Broadcasts, Connections } from '../ports.ts';
import { virtualWindow, type Window } from '../schedule.ts';

/** What the stack tells a function: serverless.yml sets each of these names. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
  return value;
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Clients live as long as the instance of the function: their connections are kept from event to event. */
export const dynamo = once(() => new DynamoDBClient({}));

export const connectionsTable = (): string => variable('CONNECTIONS_TABLE');
export const broadcasts = once(
  (): Broadcasts => dynamoBroadcasts({ client: dynamo(), table: variable('BROADCASTS_TABLE') }),
);
export const connections = once(
  (): Connections =>
    dynamoConnections({
      client: dynamo(),
      table: connectionsTable(),
      shards: Number(variable('CONNECTION_SHARDS')),
      clock: systemClock,
    }),
);

/** The daily window from the stack's parameters, in force until an operator stores one. */
export const dailyWindow = (): Window => virtualWindow(variable('DAILY_TIME'), timeZone());
export const timeZone = (): string => variable('TIME_ZONE');
