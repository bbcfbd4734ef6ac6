import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { bounded } from '../../adapters/aws/bounded.ts';
import { dynamoWindows } from '../../adapters/aws/dynamodb-windows.ts';
import { invokeLater } from '../../adapters/aws/lambda-invoke.ts';
import { s3Blobs } from '../../adapters/aws/s3-blobs.ts';
import { performances } from '../../adapters/stores/performances.ts';
import { timelines } from '../../broadcast/timelines.ts';
import { upcoming } from '../../schedule/index.ts';
import { windowsInForce } from '../../station/arm.ts';
import { dailyWindow } from './daily-window.ts';
import { dynamo } from './tables.ts';
import { variable } from './variables.ts';

/**
 * What `message` needs for a join, but not for a ping: imported when first asked for, because evaluating it takes
 * longer than the rest of the function together. Warming up asks for it, too.
 */
export function onDemand() {
  const windows = dynamoWindows({ client: dynamo(), table: variable('WINDOWS_TABLE') });
  return {
    timelines: timelines(
      performances(s3Blobs({ client: new S3Client(bounded()), bucket: variable('ARCHIVE_BUCKET') })),
    ),
    wake: invokeLater(new LambdaClient(bounded()), variable('BROADCAST_FUNCTION')),
    windowsInForce: () => windowsInForce(windows, dailyWindow()),
    nextOf: (inForce: Awaited<ReturnType<typeof windowsInForce>>, after: number): number | null =>
      upcoming(inForce, after).next().value?.startsAt ?? null,
  };
}
