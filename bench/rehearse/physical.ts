/** What CloudFormation names what it makes: `Ref` and `Fn::GetAtt` of each type of resource (its "Return values"). */
import { hash } from 'node:crypto';
import type { Place } from './template.ts';

export type Physical = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };
type Named = {
  readonly id: string;
  /** A property, worked out; undefined where it is not there. */
  readonly property: (name: string) => unknown;
  readonly place: Place;
  /** A name that nobody has given: after the stack and the resource, with something made up. */
  readonly generated: string;
  /** Made up, as long as asked for, of letters and digits. */
  readonly madeUp: (length: number) => string;
  arn(service: string, rest: string): string;
};

const TYPES: Readonly<Record<string, (named: Named) => Physical>> = {
  'AWS::Lambda::Function': ({ property, generated, arn }) => {
    const ref = String(property('FunctionName') ?? generated);
    return { ref, attributes: { Arn: arn('lambda', `function:${ref}`) } };
  },
  'AWS::IAM::Role': ({ property, generated, place }) => {
    const ref = String(property('RoleName') ?? generated);
    return { ref, attributes: { Arn: `arn:aws:iam::${place.account}:role/${ref}` } };
  },
  'AWS::S3::Bucket': ({ property, generated, place }) => {
    const ref = String(property('BucketName') ?? generated.toLowerCase());
    return {
      ref,
      attributes: {
        Arn: `arn:aws:s3:::${ref}`,
        DomainName: `${ref}.s3.amazonaws.com`,
        RegionalDomainName: `${ref}.s3.${place.region}.amazonaws.com`,
      },
    };
  },
  'AWS::DynamoDB::Table': ({ property, generated, arn }) => {
    const ref = String(property('TableName') ?? generated);
    return { ref, attributes: { Arn: arn('dynamodb', `table/${ref}`) } };
  },
  'AWS::SQS::Queue': ({ property, generated, place, arn }) => {
    const QueueName = String(property('QueueName') ?? generated);
    return {
      ref: `https://sqs.${place.region}.amazonaws.com/${place.account}/${QueueName}`,
      attributes: { QueueName, Arn: arn('sqs', QueueName) },
    };
  },
  'AWS::SNS::Topic': ({ property, generated, arn }) => {
    const Arn = arn('sns', String(property('TopicName') ?? generated));
    return { ref: Arn, attributes: { TopicArn: Arn } };
  },
  'AWS::SecretsManager::Secret': ({ generated, madeUp, arn }) => {
    const ref = arn('secretsmanager', `secret:${generated}-${madeUp(6)}`);
    return { ref, attributes: { Id: ref } };
  },
  'AWS::Logs::LogGroup': ({ property, generated, arn }) => {
    const ref = String(property('LogGroupName') ?? generated);
    return { ref, attributes: { Arn: arn('logs', `log-group:${ref}:*`) } };
  },
  'AWS::ApiGatewayV2::Api': ({ madeUp, place }) => {
    const ref = madeUp(10);
    const scheme = `${ref}.execute-api.${place.region}.amazonaws.com`;
    return { ref, attributes: { ApiId: ref, ApiEndpoint: `https://${scheme}` } };
  },
  'AWS::ApiGatewayV2::Stage': ({ property }) => ({ ref: String(property('StageName')), attributes: {} }),
  'AWS::CloudFront::Distribution': ({ madeUp }) => ({
    ref: `E${madeUp(13).toUpperCase()}`,
    attributes: { DomainName: `d${madeUp(13)}.cloudfront.net` },
  }),
  'AWS::CloudFront::Function': ({ property, place }) => {
    const FunctionARN = `arn:aws:cloudfront::${place.account}:function/${String(property('Name'))}`;
    return { ref: FunctionARN, attributes: { FunctionARN, 'FunctionMetadata.FunctionARN': FunctionARN } };
  },
  'AWS::CloudFront::OriginAccessControl': ({ madeUp }) => ({
    ref: `E${madeUp(12).toUpperCase()}`,
    attributes: { Id: `E${madeUp(12).toUpperCase()}` },
  }),
  'AWS::Scheduler::ScheduleGroup': ({ property, generated, arn }) => {
    const ref = String(property('Name') ?? generated);
    return { ref, attributes: { Arn: arn('scheduler', `schedule-group/${ref}`) } };
  },
};

/** @param property of the resource, worked out */
export function physicalOf(
  type: string,
  id: string,
  property: (name: string) => unknown,
  place: Place,
): Physical {
  const digest = hash('sha256', `${place.stackName} ${id}`);
  const madeUp = (length: number) => digest.slice(0, length);
  const generated = `${place.stackName}-${id}-${madeUp(12).toUpperCase()}`;
  const arn = (service: string, rest: string) =>
    `arn:aws:${service}:${place.region}:${place.account}:${rest}`;
  const named = { id, property, place, generated, madeUp, arn };
  return TYPES[type]?.(named) ?? { ref: generated, attributes: {} };
}
