// cdk-nag's "AWS Solutions" rules over the packaged template. Copied to where its packages are (they are too large to
// be installed with everything else) and run there: node nag.mjs TEMPLATE
import { App, Aspects, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';

/** What is found and is as it should be: which finding, and why. */
const ACCEPTED = [
  [
    /DoorKey[AB] AwsSolutions-SMG4\b/,
    'Changed by an operator, one deployment after another: CloudFront must send the new one before the old is refused.',
  ],
  [
    /AwsSolutions-S1\b/,
    'Access logs keep visitors’ addresses, which we do not want; the archive is read by our functions alone.',
  ],
  [
    /ConnectionsTable AwsSolutions-DDB3\b/,
    'Listeners come and go; the other tables have point-in-time recovery.',
  ],
  [/AwsSolutions-CFR1\b/, 'Everybody in the world may listen.'],
  [
    /AwsSolutions-CFR2\b/,
    'A web application firewall costs more a month than all the rest; docs/operating.md says how to add one.',
  ],
  [/AwsSolutions-CFR3\b/, 'Logs of requests keep visitors’ addresses.'],
  [
    /AwsSolutions-CFR4\b/,
    'The certificate is CloudFront’s own, whose protocol versions cannot be chosen; for a domain of one’s own they can.',
  ],
  [
    /AwsSolutions-SQS3\b/,
    'They are the dead-letter queues: of Scheduler and of Lambda, which this rule does not know.',
  ],
  [
    /AwsSolutions-SNS[23]\b/,
    'CloudWatch cannot publish to a topic under the AWS-managed key; alarms name no person.',
  ],
  [
    /AwsSolutions-APIG1\b/,
    'The access log needs a setting of the whole account; a parameter switches it on, or both.',
  ],
  [
    /GatewayLogRole AwsSolutions-IAM4\[Policy::.*AmazonAPIGatewayPushToCloudWatchLogs\]/,
    'AWS’s own policy for this very role; it is made only where an operator asks for it.',
  ],
  [/AwsSolutions-APIG4\b/, 'Everybody may listen; $connect admits pages of our own origin.'],
  [
    /AwsSolutions-IAM5\[Resource::.*:log-group:\/aws\/lambda\/[\w-]+:\*\]/,
    'Streams of the function’s own log group.',
  ],
  [
    /AwsSolutions-IAM5\[Resource::<(ArchiveBucket|SiteBucket|UploadsBucket)\.Arn>\/[\w/]*\*\]/,
    'Objects under one prefix, or the public site.',
  ],
  [
    /AwsSolutions-IAM5\[Resource::<ArchiveBucket\.Arn>\/prompts\/\*\.error\.json\]/,
    'The faults beside files that arrived.',
  ],
  [/AwsSolutions-IAM5\[Resource::.*:schedule\/[\w-]+\/\*\]/, 'Timers of the stack’s own group.'],
  [
    /AwsSolutions-IAM5\[Resource::.*\/(POST|DELETE)\/@connections\/\*\]/,
    'Connections of this API and stage, by one method.',
  ],
];

const app = new App({ outdir: new URL('out', import.meta.url).pathname });
const stack = new Stack(app, 'pianola');
new CfnInclude(stack, 'template', { templateFile: process.argv[2] });
Aspects.of(app).add(new AwsSolutionsChecks());
const messages = app.synth().getStackArtifact(stack.artifactId).messages;
const findings = messages.map(({ id, entry }) => `${id} ${String(entry.data).trim()}`);
const refused = findings.filter((finding) => !ACCEPTED.some(([pattern]) => pattern.test(finding)));
for (const finding of refused) console.error(finding);
console.log(
  `cdk-nag: ${findings.length - refused.length} findings accepted with a reason, ${refused.length} not`,
);
process.exit(refused.length > 0 || findings.length === 0 ? 1 : 0);
