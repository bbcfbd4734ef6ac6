/** Who wakes whom, what becomes of what nobody takes, and who is kept from queues and buckets. */
import type { Described } from '../template.ts';
import { listOf, namedIn, resourcesOf, shortArn, type Value } from './walk.ts';

const named = (value: Value): string => namedIn(value)[0] ?? '';

/** Functions that are invoked by events: three attempts, and then a queue. */
export const lostEvents = (stack: Described): string[] => {
  const configured = resourcesOf(stack, 'AWS::Lambda::EventInvokeConfig').map(
    ([, { Properties }]) => Properties!,
  );
  const lost = ['Compose', 'Broadcast', 'Continue'].flatMap((name) => {
    const one = configured.find(({ FunctionName }) => named(FunctionName) === `${name}LambdaFunction`);
    return one?.MaximumRetryAttempts === 2 &&
      named(one.DestinationConfig?.OnFailure?.Destination) === 'FunctionDeadLetters'
      ? []
      : [`events of ${name} are lost`];
  });
  const queues = ['PromptsQueue', 'VisitorsQueue'].flatMap((name) => {
    const policy = stack.resources.Resources[name]?.Properties?.RedrivePolicy;
    return named(policy?.deadLetterTargetArn) === 'FunctionDeadLetters' && policy.maxReceiveCount === 3
      ? []
      : [`what ${name} holds is lost`];
  });
  const { Target } = stack.resources.Resources.ComposeSchedule?.Properties ?? {};
  const timer = named(Target?.DeadLetterConfig?.Arn) === 'TimerDeadLetters' ? [] : ['hours are lost'];
  // Asked for again by the hour, and dear: what fails is not tried at once.
  const sound = configured.find(({ FunctionName }) => named(FunctionName) === 'SoundLambdaFunction');
  const again =
    sound?.MaximumRetryAttempts === 0 ? [] : ['a day that has no sound is tried three times an hour'];
  return [...lost, ...queues, ...timer, ...again];
};

/** Compose by the hour, and `continue` of what arrives, from the bucket by way of its queue. */
export const unwoken = (stack: Described): string[] => {
  const { Resources } = stack.resources;
  const hourly = Resources.ComposeSchedule?.Properties;
  const mapped = (queue: string) =>
    resourcesOf(stack, 'AWS::Lambda::EventSourceMapping').some(
      ([, { Properties }]) =>
        named(Properties?.EventSourceArn) === queue &&
        named(Properties?.FunctionName) === 'ContinueLambdaFunction',
    );
  const tells = (bucket: string, queue: string) =>
    listOf<Value>(Resources[bucket]?.Properties?.NotificationConfiguration?.QueueConfigurations).some(
      ({ Queue }) => named(Queue) === queue,
    );
  const mayTell = (queue: string) =>
    statementsAbout(stack, 'AWS::SQS::QueuePolicy', queue).some(
      ({ Effect, Principal, Action, Condition }) =>
        Effect === 'Allow' &&
        Principal?.Service === 's3.amazonaws.com' &&
        Action === 'sqs:SendMessage' &&
        JSON.stringify(Condition) === '{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}',
    );
  const faults: readonly (readonly [boolean, string])[] = [
    [
      hourly?.ScheduleExpression === 'cron(5 * * * ? *)' && hourly.ScheduleExpressionTimezone === 'UTC',
      'nobody composes five minutes past each hour',
    ],
    [mapped('PromptsQueue'), 'nobody takes what arrives'],
    [mapped('VisitorsQueue'), 'nobody takes what visitors give'],
    [
      tells('ArchiveBucket', 'PromptsQueue') && mayTell('PromptsQueue'),
      'the archive tells nobody what arrives',
    ],
    [
      tells('UploadsBucket', 'VisitorsQueue') && mayTell('VisitorsQueue'),
      'nobody is told what visitors give',
    ],
  ];
  return faults.filter(([holds]) => !holds).map(([, fault]) => fault);
};

/** Queues and buckets are spoken to under encryption alone, and the site's bucket is read by CloudFront alone. */
export const unguarded = (stack: Described): string[] => {
  const guarded = (type: string, name: string, things: readonly string[]) =>
    statementsAbout(stack, type, name).some(
      ({ Effect, Condition, Resource }) =>
        Effect === 'Deny' &&
        JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":false}}' &&
        things.every((thing) => listOf<Value>(Resource).map(shortArn).includes(thing)),
    );
  const open = [
    ...resourcesOf(stack, 'AWS::SQS::Queue').filter(
      ([name]) => !guarded('AWS::SQS::QueuePolicy', name, [name]),
    ),
    ...resourcesOf(stack, 'AWS::S3::Bucket').filter(
      ([name]) => !guarded('AWS::S3::BucketPolicy', name, [name, `${name}/*`]),
    ),
  ].map(([name]) => `${name} may be spoken to in the clear`);
  const site = statementsAbout(stack, 'AWS::S3::BucketPolicy', 'SiteBucket').filter(
    ({ Effect }) => Effect === 'Allow',
  );
  const actions = site.flatMap(({ Action }) => listOf(Action)).sort();
  const fine =
    JSON.stringify(actions) === '["s3:GetObject","s3:ListBucket"]' &&
    site.every(
      ({ Principal, Condition }) =>
        Principal?.Service === 'cloudfront.amazonaws.com' &&
        JSON.stringify(Condition ?? {}).includes('SiteDistribution'),
    );
  return fine ? open : [...open, 'the site is not read by our distribution alone'];
};

function statementsAbout(stack: Described, type: string, name: string): readonly Value[] {
  return resourcesOf(stack, type)
    .filter(([, { Properties }]) =>
      [...listOf<Value>(Properties?.Queues), Properties?.Bucket].some((one) => named(one) === name),
    )
    .flatMap(([, { Properties }]) => listOf<Value>(Properties?.PolicyDocument.Statement))
    .filter(({ Resource }) => listOf<Value>(Resource).some((one) => named(one) === name));
}
