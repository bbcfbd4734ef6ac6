/** Every resource of the template: run, not made, or not run, and why. */
import type { Ledger } from './ledger.ts';
import type { RawTemplate, Stack } from './template.ts';

export type Account = {
  readonly id: string;
  readonly type: string;
  readonly state: 'run' | 'not made' | 'not run';
  /** Why not. */
  readonly why?: string;
};

/** What nothing here does anything with. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Dashboard': 'a picture of metrics, which nobody looks at here',
  'AWS::SNS::Topic': 'nobody is written to',
  'AWS::SNS::Subscription': 'nobody is written to',
  'AWS::Budgets::Budget': 'nothing is billed',
};
/** Types of which something is run, where something comes to it. */
const KNOWN = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudFront::Distribution',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
];

/**
 * @param alarms by logical id; null: of a metric that is not counted here
 * @returns one account a resource of the template; and those that cannot be given, since their type is none that is known here
 */
export function accountFor(
  template: Pick<RawTemplate, 'Resources'>,
  stack: Stack,
  { touched }: Pick<Ledger, 'touched'>,
  alarms: ReadonlyMap<string, boolean | null>,
): { readonly accounts: readonly Account[]; readonly unaccounted: readonly string[] } {
  const unaccounted: string[] = [];
  const accounts = Object.entries(template.Resources).map(([id, { Type: type }]): Account => {
    const absent = stack.absent.find((each) => each.id === id);
    if (absent)
      return { id, type, state: 'not made', why: `its condition ${absent.condition} does not hold` };
    if (type === 'AWS::CloudWatch::Alarm')
      return typeof alarms.get(id) === 'boolean'
        ? { id, type, state: 'run' }
        : { id, type, state: 'not run', why: 'a metric of AWS, which is not counted here' };
    if (touched.has(id)) return { id, type, state: 'run' };
    const why = NOT_RUN[type];
    if (why === undefined && id === 'ServerlessDeploymentBucket')
      return {
        id,
        type,
        state: 'not run',
        why: 'the framework keeps artefacts in it; here they are read where they were packaged',
      };
    if (why === undefined && !KNOWN.includes(type)) unaccounted.push(`${id} (${type})`);
    return { id, type, state: 'not run', why: why ?? 'nothing of this evening came to it' };
  });
  return { accounts, unaccounted };
}
