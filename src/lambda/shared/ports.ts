import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { bounded } from '../../adapters/aws/bounded.ts';
import { dynamoWindows } from '../../adapters/aws/dynamodb-windows.ts';
import { schedulerTimer } from '../../adapters/aws/eventbridge-timer.ts';
import { invokeLater } from '../../adapters/aws/lambda-invoke.ts';
import { s3Blobs, s3Site, s3SiteBlobs } from '../../adapters/aws/s3-blobs.ts';
import { broadcastRecords } from '../../adapters/stores/broadcast-records.ts';
import { liveFiles } from '../../adapters/stores/live-files.ts';
import { performances } from '../../adapters/stores/performances.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { openEngraver } from '../../engraving/engraver.ts';
import { estimatedCost } from '../../publish/cost.ts';
import { dailyWindow, timeZone } from './daily-window.ts';
import { log } from './observe.ts';
import { broadcasts, dynamo } from './tables.ts';
import { variable } from './variables.ts';

/** The ports that `compose` and `broadcast` share. */
export function station() {
  const client = new S3Client(bounded());
  const onSite = { client, bucket: variable('SITE_BUCKET') };
  const archive = { client, bucket: variable('ARCHIVE_BUCKET') };
  return {
    archive,
    clock: systemClock,
    timeZone: timeZone(),
    otherwise: dailyWindow(),
    broadcasts: broadcasts(),
    windows: dynamoWindows({ client: dynamo(), table: variable('WINDOWS_TABLE') }),
    performances: performances(s3Blobs(archive)),
    records: broadcastRecords(s3Blobs(archive)),
    site: s3Site(onSite),
    live: liveFiles(s3SiteBlobs(onSite)),
    siteUrl: variable('SITE_URL'),
    costOf: (listeners: number, durationMs: number) =>
      estimatedCost(listeners, durationMs, process.env.SITE_CLOCK === 'on'),
    // Shipped as it is, beside the bundle: it is loaded when something is published.
    engraver: openEngraver(log, {
      script: `${process.env.LAMBDA_TASK_ROOT ?? '.'}/src/engraving/engrave.mjs`,
    }),
  };
}

/** Starts a broadcaster; returns as soon as Lambda has taken the event. */
export function broadcaster(lambda: LambdaClient = new LambdaClient(bounded())) {
  const invoke = invokeLater(lambda, variable('BROADCAST_FUNCTION'));
  return (broadcast: string, reason: string): Promise<void> => invoke({ broadcast, reason });
}

/** Has days made into sound; returns as soon as Lambda has taken the event. */
export function soundLater(lambda: LambdaClient = new LambdaClient(bounded())): () => Promise<void> {
  const invoke = invokeLater(lambda, variable('SOUND_FUNCTION'));
  return () => invoke({});
}

/** Timers that invoke `broadcast`. */
export const timer = () =>
  schedulerTimer({
    client: new SchedulerClient(bounded()),
    group: variable('SCHEDULE_GROUP'),
    targetArn: variable('BROADCAST_FUNCTION_ARN'),
    roleArn: variable('SCHEDULE_ROLE_ARN'),
    deadLetterArn: variable('TIMER_DEAD_LETTER_ARN'),
    fire: broadcaster(),
    clock: systemClock,
  });
