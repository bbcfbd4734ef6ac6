import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { emptyBucket } from './empty-bucket.ts';
import { output, outputsOf } from './stack.ts';

/**
 * `npm run remove:stage -- --stage dev [--archive] [--yes]`: empties the site's bucket, so that `serverless remove` can
 * delete it; with --archive the archive's as well, every version of it, for good.
 */
const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'dev' },
    region: { type: 'string', default: process.env.AWS_REGION ?? 'eu-central-1' },
    archive: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
  },
});
const outputs = await outputsOf(values.stage, values.region);
const buckets = ['SiteBucketName', ...(values.archive ? ['ArchiveBucketName'] : [])].map((name) =>
  output(outputs, name),
);
if (!values.yes) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(
    `Delete everything in ${buckets.join(' and ')}? Type the stage's name: `,
  );
  terminal.close();
  if (answer !== values.stage) process.exit(4);
}
const client = new S3Client({ region: values.region });
for (const bucket of buckets)
  console.log(`${bucket}: ${await emptyBucket({ client, bucket })} versions deleted`);
console.log(`now: npx serverless remove --stage ${values.stage}`);
if (!values.archive) console.log(`kept: the archive, ${output(outputs, 'ArchiveBucketName')}`);
