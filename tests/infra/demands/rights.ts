/** Who may do what: each right beside the file that makes use of it, written down apart from infra/roles.yml. */
import type { Described } from '../template.ts';
import { listOf, resourcesOf, shortArn, type Value } from './walk.ts';

type Need = readonly [actions: string, on: string];

const archive = (...folders: string[]) => folders.map((folder) => `ArchiveBucket/${folder}/*`).join(' ');
const uploads = (...folders: string[]) => folders.map((folder) => `UploadsBucket/${folder}/*`).join(' ');
const lambda = (...names: string[]) => names.map((name) => `lambda:function:pianola-dev-${name}`).join(' ');
const ROWS = 'BroadcastsTable BroadcastsTable/index/byStart';
const socket = (method: string) => `execute-api:WebsocketApi/dev/${method}/@connections/*`;

/** Actions and what they are for, separated by spaces: each action on each thing. */
const NEEDS: Readonly<Record<string, readonly Need[]>> = {
  // src/lambda/prepare.ts
  ComposeRole: [
    ['s3:GetObject s3:PutObject', archive('performances', 'midi')],
    ['s3:GetObject', archive('models', 'prompts')],
    ['s3:GetObject s3:PutObject', 'SiteBucket/*'],
    // A missing key is told from a forbidden one by it: src/adapters/aws/s3-object.ts.
    ['s3:ListBucket', 'ArchiveBucket SiteBucket'],
    // All windows are read, none by its id: src/station/arm.ts.
    ['dynamodb:Query', 'WindowsTable'],
    ['dynamodb:GetItem dynamodb:Query', ROWS],
    ['scheduler:CreateSchedule', 'scheduler:schedule/pianola-dev/*'],
    ['iam:PassRole', 'TimerRole if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}'],
    // What has its doors open within minutes is woken at once, and so is what died.
    ['lambda:InvokeFunction', lambda('broadcast', 'sound')],
    ['sqs:SendMessage', 'FunctionDeadLetters'],
  ],
  // src/lambda/broadcast.ts
  BroadcastRole: [
    ['s3:GetObject', archive('performances', 'midi')],
    ['s3:PutObject', archive('broadcasts')],
    ['s3:GetObject s3:PutObject', 'SiteBucket/*'],
    ['s3:ListBucket', 'ArchiveBucket SiteBucket'],
    ['dynamodb:Query', 'WindowsTable'],
    ['dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem', 'BroadcastsTable'],
    // Those who listen, and 410: src/adapters/aws/dynamodb-connections.ts.
    ['dynamodb:Query dynamodb:DeleteItem', 'ConnectionsTable'],
    ['execute-api:ManageConnections', socket('POST')],
    ['lambda:InvokeFunction', lambda('broadcast', 'connect', 'message', 'sound')],
    ['sqs:SendMessage', 'FunctionDeadLetters'],
  ],
  // src/lambda/sound.ts
  SoundRole: [
    ['s3:GetObject', archive('performances', 'midi')],
    ['s3:GetObject s3:PutObject', 'SiteBucket/*'],
    ['s3:ListBucket', 'ArchiveBucket SiteBucket'],
  ],
  // src/lambda/continue.ts
  ContinueRole: [
    ['s3:GetObject', archive('prompts', 'models', 'continuations')],
    ['s3:PutObject', archive('continuations')],
    ['s3:PutObject s3:DeleteObject', 'ArchiveBucket/prompts/*.error.json'],
    ['s3:ListBucket', 'ArchiveBucket UploadsBucket'],
    ['sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes', 'PromptsQueue VisitorsQueue'],
    ['sqs:SendMessage', 'FunctionDeadLetters'],
    ['s3:GetObject', uploads('asked', 'sent', 'made', 'claims')],
    ['s3:PutObject', uploads('made', 'claims')],
    ['s3:DeleteObject', uploads('sent', 'waiting', 'made')],
  ],
  ConnectRole: [],
  DisconnectRole: [['dynamodb:DeleteItem', 'ConnectionsTable']],
  // src/lambda/message.ts
  MessageRole: [
    ['s3:GetObject', archive('performances', 'midi')],
    ['s3:ListBucket', 'ArchiveBucket'],
    ['dynamodb:GetItem dynamodb:Query', ROWS],
    [
      'dynamodb:UpdateItem',
      'BroadcastsTable if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["punches"]}}',
    ],
    ['dynamodb:Query', 'WindowsTable'],
    ['dynamodb:PutItem dynamodb:UpdateItem dynamodb:Query', 'ConnectionsTable'],
    ['execute-api:ManageConnections', `${socket('POST')} ${socket('DELETE')}`],
    ['lambda:InvokeFunction', lambda('broadcast')],
  ],
  // src/lambda/play.ts
  PlayRole: [
    ['s3:GetObject', uploads('asked', 'made', 'kept')],
    ['s3:PutObject', uploads('asked', 'waiting', 'sent', 'kept')],
    ['s3:DeleteObject', uploads('asked', 'waiting', 'sent', 'made', 'kept')],
    ['s3:ListBucket', 'UploadsBucket'],
  ],
  // src/adapters/aws/eventbridge-timer.ts
  TimerRole: [
    ['lambda:InvokeFunction', lambda('broadcast', 'compose')],
    ['sqs:SendMessage', 'TimerDeadLetters'],
  ],
  GatewayLogRole: [],
};
/** Each of these writes its own log. */
const LOGS = ['compose', 'broadcast', 'continue', 'connect', 'disconnect', 'message', 'play', 'sound'];
const OURS = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };
/** Who may take a role, and of whom else it is said. */
const TAKERS: Readonly<Record<string, readonly [string, Value?]>> = {
  GatewayLogRole: ['apigateway.amazonaws.com'],
  TimerRole: [
    'scheduler.amazonaws.com',
    {
      StringEquals: {
        ...OURS,
        'aws:SourceArn': {
          'Fn::Sub':
            // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's.
            'arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/pianola-dev',
        },
      },
    },
  ],
};

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: Value;
  readonly Condition?: Value;
};

/** `role: action on thing, if …` of all that roles may do. */
function granted(stack: Described): ReadonlySet<string> {
  const own = resourcesOf(stack, 'AWS::IAM::Role').flatMap(([name, { Properties }]) =>
    listOf<Value>(Properties?.Policies).flatMap(({ PolicyDocument }) =>
      told(name, listOf(PolicyDocument.Statement)),
    ),
  );
  const others = resourcesOf(stack, 'AWS::IAM::RolePolicy').flatMap(([, { Properties }]) =>
    told(Properties?.RoleName.Ref, listOf(Properties?.PolicyDocument.Statement)),
  );
  return new Set([...own, ...others]);
}
const told = (role: string, statements: readonly Statement[]): readonly string[] =>
  statements.flatMap(({ Effect, Action, Resource, Condition }) =>
    listOf(Action).flatMap((action) =>
      listOf<Value>(Resource).map((on) => {
        const only = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`;
        return `${role}: ${Effect === 'Allow' ? '' : `${Effect} `}${action} on ${shortArn(on)}${only}`;
      }),
    ),
  );

function needed(): ReadonlySet<string> {
  const rights = Object.entries(NEEDS).flatMap(([role, needs]) =>
    needs.flatMap(([actions, on]) =>
      actions
        .split(' ')
        .flatMap((action) =>
          (on.includes(' if ') ? [on] : on.split(' ')).map((thing) => `${role}: ${action} on ${thing}`),
        ),
    ),
  );
  const logs = LOGS.flatMap((name) =>
    ['CreateLogStream', 'PutLogEvents'].map(
      (action) =>
        `${name[0]!.toUpperCase()}${name.slice(1)}Role: logs:${action} on logs:log-group:/aws/lambda/pianola-dev-${name}:*`,
    ),
  );
  return new Set([...rights, ...logs]);
}

export function wrongRights(stack: Described): string[] {
  const [has, needs] = [granted(stack), needed()];
  return [
    ...[...needs].filter((right) => !has.has(right)).map((right) => `refused: ${right}`),
    ...[...has].filter((right) => !needs.has(right)).map((right) => `nobody needs: ${right}`),
  ];
}

export const wrongTakers = (stack: Described): string[] =>
  Object.keys(NEEDS).flatMap((role) => {
    const [service, Condition] = TAKERS[role] ?? ['lambda.amazonaws.com'];
    const wanted = {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(Condition && { Condition }),
    };
    const document = stack.resources.Resources[role]?.Properties?.AssumeRolePolicyDocument;
    const same = JSON.stringify(sorted(document?.Statement)) === JSON.stringify(sorted([wanted]));
    return same ? [] : [`${role} is not for ${service} alone`];
  });

/** Keys in one order. */
const sorted = (value: Value): Value =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.keys(value)
            .sort()
            .map((key) => [key, sorted(value[key])]),
        )
      : value;
