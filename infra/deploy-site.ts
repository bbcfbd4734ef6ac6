import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { buildPage, playOnStage, withoutPlay } from '../src/adapters/net/page-bundle.ts';
import { EXIT, notDeployed, script } from './script.ts';
import { findStack, output } from './stack.ts';
import { pageObjects, uploadPage } from './upload-page.ts';

/** `npm run deploy:site -- --stage prod [--dry-run]`: builds the page and uploads it. */
await script(async () => {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string', default: 'dev' },
      region: { type: 'string', default: process.env.AWS_REGION ?? 'eu-central-1' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const { stage, region } = values;
  const stack = await findStack(stage, region);
  if (!stack) return notDeployed(stage, region);
  const bucket = output(stack, 'SiteBucketName');
  const forVisitors = stack.outputs.Visitors === 'on' ? playOnStage : withoutPlay;
  const objects = pageObjects(forVisitors(await buildPage()), output(stack, 'SiteUrl'));
  if (values['dry-run']) {
    for (const { key, type, cacheControl } of objects) console.log(`${key}  ${type}  ${cacheControl}`);
    console.log(`${objects.length} files would go to ${bucket}`);
    return EXIT.done;
  }
  const client = new S3Client({ region });
  await uploadPage(objects, { client, bucket });
  client.destroy();
  console.log(`${objects.length} files; the page is on ${output(stack, 'SiteUrl')} within a minute`);
  return EXIT.done;
});
