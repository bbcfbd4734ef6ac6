import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { buildPage } from '../src/adapters/page.ts';
import { output, outputsOf } from './stack.ts';
import { uploadPage } from './upload-page.ts';

/** `npm run deploy:site -- --stage prod`: builds the page and uploads it. */
const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'dev' },
    region: { type: 'string', default: process.env.AWS_REGION ?? 'eu-central-1' },
  },
});
const outputs = await outputsOf(values.stage, values.region);
const client = new S3Client({ region: values.region });
const count = await uploadPage(await buildPage(), { client, bucket: output(outputs, 'SiteBucketName') });
console.log(`${count} files; the page is on ${output(outputs, 'SiteUrl')} within a minute`);
