/** What a bucket tells a queue, and how a function is given what waits in one (event source mappings). */
import { hash } from 'node:crypto';
import type { FakeS3 } from '../../tests/fakes/s3.ts';
import type { Functions } from './lambda.ts';
import type { Ledger } from './ledger.ts';
import type { Message, Queues } from './queues.ts';
import type { Properties, Stack } from './template.ts';

export type Mappings = {
  /** An object was written: whoever is to be told of it is. */
  written(bucket: string, key: string): void;
  /** Messages that their functions have dealt with. */
  readonly done: () => number;
};
type World = {
  readonly s3: Pick<FakeS3, 'objects'>;
  readonly queues: Queues;
  readonly functions: () => Functions;
  readonly complain: (what: string) => void;
};

export function mappings(stack: Stack, book: Ledger, { s3, queues, functions, complain }: World): Mappings {
  let done = 0;
  const fits = (key: string, { Filter }: Properties) =>
    (Filter?.S3Key.Rules ?? []).every(({ Name, Value }: { Name: string; Value: string }) =>
      Name === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
    );

  /** As Lambda polls: in the name of the function's role, and what was dealt with is deleted. */
  async function poll(arn: string): Promise<void> {
    const mapping = stack
      .ofType('AWS::Lambda::EventSourceMapping')
      .find(({ properties }) => properties.EventSourceArn === arn);
    if (!mapping) return complain(`nothing takes what waits in ${arn}`);
    const named = stack
      .ofType('AWS::Lambda::Function')
      .find(({ id }) =>
        [stack.ref(id), stack.attribute(id, 'Arn')].includes(mapping.properties.FunctionName),
      )!;
    const role = stack
      .ofType('AWS::IAM::Role')
      .find(({ id }) => stack.attribute(id, 'Arn') === named.properties.Role)!;
    const context = { 'aws:SecureTransport': 'true' };
    const refused = ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes', 'sqs:DeleteMessage'].map((action) =>
      book.ask(role.id, { action, resource: arn, context }),
    );
    if (refused.some((why) => why !== null)) return;
    book.touch(mapping.id);
    for (let message = queues.take(arn); message; message = queues.take(arn)) {
      const answer = await functions().invoke(stack.ref(named.id), {
        Records: [recordOf(message, arn, stack)],
      });
      const failures = answer.ok
        ? ((answer.payload as { batchItemFailures?: unknown[] })?.batchItemFailures ?? [])
        : [answer.error];
      if (failures.length > 0) complain(`what waited in ${arn} failed: ${JSON.stringify(failures)}`);
      else done++;
    }
  }

  return {
    done: () => done,
    written(bucket, key) {
      const made = stack.ofType('AWS::S3::Bucket').find(({ id }) => stack.ref(id) === bucket);
      const told: Properties[] = made?.properties.NotificationConfiguration?.QueueConfigurations ?? [];
      for (const rule of told.filter((each) => fits(key, each))) {
        const refused = queues.send(
          's3.amazonaws.com',
          rule.Queue,
          JSON.stringify({ Records: [createdOf(bucket, key, s3)] }),
        );
        if (refused) complain(refused);
        else void poll(rule.Queue).catch((error: unknown) => complain(String(error)));
      }
    },
  };
}

/** As in a form: what may stand in a key is encoded, and spaces are pluses. */
const createdOf = (bucket: string, key: string, s3: Pick<FakeS3, 'objects'>) => ({
  ...{ eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' },
  s3: {
    bucket: { name: bucket },
    object: {
      key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
      size: s3.objects.get(`${bucket}/${key}`)?.body.length ?? 0,
      eTag: hash('md5', s3.objects.get(`${bucket}/${key}`)?.body ?? ''),
    },
  },
});
const recordOf = ({ messageId, body }: Message, eventSourceARN: string, { place }: Stack) => ({
  ...{ messageId, body, eventSourceARN, eventSource: 'aws:sqs', awsRegion: place.region },
  ...{ attributes: { ApproximateReceiveCount: '1' }, messageAttributes: {} },
});
