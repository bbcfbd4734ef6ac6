/** What somebody is told of. */
import type { Described } from '../template.ts';
import { namedIn, resourcesOf, type Value } from './walk.ts';

/** Each thing that goes wrong, by metric and what it is a metric of. */
const WATCHED = [
  'ApproximateAgeOfOldestMessage of PromptsQueue',
  'ApproximateNumberOfMessagesVisible of FunctionDeadLetters',
  'ApproximateNumberOfMessagesVisible of TimerDeadLetters',
  'CheckTookOver of pianola',
  'ComposeFailed of pianola',
  'ContinueFailed of pianola',
  'EncorePlayed of pianola',
  'Errors of PlayLambdaFunction',
  // Of the account, as Throttles are.
  'Errors of everything',
  'ExecutionError of WebsocketApi',
  'MessageCount of WebsocketApi',
  'ModelFellBack of pianola',
  'PostsFailed of pianola',
  // Of the account, whose instances all functions share.
  'Throttles of everything',
];

const watchedBy = ({ MetricName, Dimensions = [] }: Value): string => {
  const [{ Value: of } = { Value: 'everything' }] = Dimensions;
  return `${MetricName} of ${typeof of === 'string' ? of : namedIn(of)[0]}`;
};
const alarmsOf = (stack: Described) => resourcesOf(stack, 'AWS::CloudWatch::Alarm');

export function unwatched(stack: Described): string[] {
  const there = alarmsOf(stack).map(([, { Properties }]) => watchedBy(Properties));
  return [
    ...WATCHED.filter((what) => !there.includes(what)).map((what) => `no alarm looks at ${what}`),
    ...there.filter((what) => !WATCHED.includes(what)).map((what) => `an alarm looks at ${what}`),
  ];
}

/** Silence of our own metrics means that nothing happened. */
export const untold = (stack: Described): string[] => [
  ...alarmsOf(stack).flatMap(([name, { Properties }]) => [
    ...(JSON.stringify(Properties?.AlarmActions) === '[{"Ref":"AlarmTopic"}]'
      ? []
      : [`${name} tells nobody`]),
    ...(Properties?.TreatMissingData === 'notBreaching'
      ? []
      : [`${name} goes off where nothing is measured`]),
  ]),
  ...['AlarmSubscription', 'MonthlyBudget']
    .filter((name) => stack.resources.Resources[name]?.Condition !== 'SomebodyIsTold')
    .map((name) => `${name} is not there where an address is given`),
];
