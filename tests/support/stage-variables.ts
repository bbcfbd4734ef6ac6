import { DateTime } from 'luxon';

/** A daily window that no test comes near, whatever the time is: twelve hours away. */
export const twelveHoursAway = (timeZone: string): string =>
  DateTime.now().setZone(timeZone).plus({ hours: 12 }).toFormat('HH:mm');

const TIME_ZONE = 'America/New_York';
/** What the functions of a stage are told; the tables are those that dynalite makes. */
export const STAGE_VARIABLES = {
  CONNECTIONS_TABLE: 'ConnectionsTable',
  BROADCASTS_TABLE: 'BroadcastsTable',
  WINDOWS_TABLE: 'WindowsTable',
  CONNECTION_SHARDS: '4',
  ARCHIVE_BUCKET: 'archive',
  SITE_BUCKET: 'site',
  SITE_URL: 'https://piano.example',
  TIME_ZONE,
  DAILY_TIME: twelveHoursAway(TIME_ZONE),
  SCHEDULE_GROUP: 'pianola-test',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::1:role/timer',
  TIMER_DEAD_LETTER_ARN: 'arn:aws:sqs:::dead',
  BROADCAST_FUNCTION: 'pianola-test-broadcast',
  BROADCAST_FUNCTION_ARN: 'arn:aws:lambda:::function:pianola-test-broadcast',
  SOUND_FUNCTION: 'pianola-test-sound',
  POSTS_PER_SECOND: '1500',
  ROUTE_RATES: '300 400',
};

type Fakes = {
  readonly dynamo: { readonly endpoint: string };
  readonly s3: { readonly endpoint: string };
  readonly lambda: { readonly endpoint: string };
  /** With its stage, as the event names it: `http://…/test`. */
  readonly gateway: string;
};
/** What a function of that stage is told that speaks to fakes instead of AWS; a region and credentials are for those in this process. */
export const variablesOf = ({ dynamo, s3, lambda, gateway }: Fakes) => ({
  ...STAGE_VARIABLES,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'fake',
  AWS_SECRET_ACCESS_KEY: 'fake',
  AWS_ENDPOINT_URL_S3: s3.endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
  AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
  GATEWAY_ENDPOINT: gateway,
  LISTENERS_EACH: '2500',
  CONNECT_FUNCTION: 'pianola-test-connect',
  MESSAGE_FUNCTION: 'pianola-test-message',
});
