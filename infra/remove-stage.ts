import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { countVersions, emptyBucket } from './empty-bucket.ts';
import { onTheAir, quiet } from './quiet-stage.ts';
import { EXIT, notDeployed, script } from './script.ts';
import { findStack, output } from './stack.ts';

/**
 * `npm run remove:stage -- --stage dev [--archive] [--dry-run] [--yes]`: ends what the stage does by
 * itself and empties the site's bucket, so that `serverless remove` can delete it; with --archive the archive's as well, every version of it, for good.
 * Refuses while a broadcast is on the air. Run again, it does what is left to do.
 */
await script(async () => {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: 'dev' },
      region: { type: 'string', default: process.env.AWS_REGION ?? 'eu-central-1' },
      archive: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  });
  const { stage, region, archive } = values;
  const stack = await findStack(stage, region);
  if (!stack) return notDeployed(stage, region);
  // Where visitors may give music it has a bucket of its own.
  const visitors = stack.outputs.UploadsBucketName ? ['UploadsBucketName'] : [];
  const buckets = ['SiteBucketName', ...visitors, ...(archive ? ['ArchiveBucketName'] : [])].map((name) =>
    output(stack, name),
  );
  // A stack of an older version does not tell these two; they are named after it.
  const { TimerGroupName: group = `pianola-${stage}` } = stack.outputs;
  const { BroadcastsTableName: table = `pianola-${stage}-broadcasts` } = stack.outputs;
  const playing = await onTheAir(region, table, Date.now());
  if (playing !== null) {
    console.error(
      `${playing} is on the air: stop it (npx --no-install pianola broadcast stop --stage ${stage}), or come again when it is over`,
    );
    return EXIT.notAllowed;
  }
  const client = new S3Client({ region });
  if (values['dry-run']) {
    for (const bucket of buckets)
      console.log(`${bucket}: ${await countVersions({ client, bucket })} versions would be deleted`);
    return EXIT.done;
  }
  if (!values.yes && !(await agreed(stage, buckets))) {
    console.error('nothing was deleted: say --yes, or type the name of the stage');
    return EXIT.notAllowed;
  }
  const { disabled, deleted } = await quiet(region, group);
  console.log(`${group}: ${disabled} hourly schedule disabled, ${deleted} timers deleted`);
  for (const bucket of buckets)
    console.log(`${bucket}: ${await emptyBucket({ client, bucket })} versions deleted`);
  client.destroy();
  console.log(`now: npx --no-install serverless remove --stage ${stage}`);
  console.log('should that fail at a bucket, a function was at work yet: run this again, and then that');
  if (!archive) console.log(`kept: the archive, ${output(stack, 'ArchiveBucketName')}`);
  return EXIT.done;
});

/** Who is no terminal is not asked. */
async function agreed(stage: string, buckets: readonly string[]): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `Delete everything in ${buckets.join(' and ')}? Type the stage's name: `,
  );
  terminal.close();
  return answer === stage;
}
