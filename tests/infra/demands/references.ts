/** Whether everything that is named is there: CloudFormation would refuse the template before it makes anything. */
import type { Described } from '../template.ts';
import { listOf, namedIn, type Value } from './walk.ts';

export function dangling(stack: Described): string[] {
  const { Resources, Parameters = {}, Conditions, Outputs } = stack.resources;
  // The framework makes these of `functions` and of the bucket of artefacts.
  const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);
  const generated = Object.keys(stack.functions).flatMap((name) => [
    `${capital(name)}LambdaFunction`,
    `${capital(name)}LogGroup`,
  ]);
  const there = new Set([...Object.keys(Resources), ...Object.keys(Parameters), ...generated]);
  const found = (who: string, value: Value) =>
    namedIn(value)
      .filter((name) => !there.has(name))
      .map((name) => `${who} names ${name}, which is not there`);
  const conditionsIn = (value: Value): string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value as Record<string, Value>).flatMap(([key, inner]) =>
          key === 'Fn::If'
            ? [String(inner[0]), ...conditionsIn(inner)]
            : key === 'Condition' && typeof inner === 'string'
              ? [inner]
              : conditionsIn(inner),
        );
  return [
    ...Object.entries(Resources).flatMap(([name, resource]) => [
      ...found(name, resource.Properties),
      ...listOf((resource as { DependsOn?: string | string[] }).DependsOn)
        .filter((other) => !there.has(other))
        .map((other) => `${name} waits for ${other}, which is not there`),
      ...conditionsIn(resource)
        .filter((condition) => !(condition in Conditions))
        .map((condition) => `${name} asks for the condition ${condition}, which is not there`),
    ]),
    ...Object.entries(Outputs).flatMap(([name, output]) => found(name, output.Value)),
    ...Object.entries(stack.functions).flatMap(([name, { environment, role }]) =>
      found(name, [environment, role]),
    ),
    ...found('a condition', Object.values(Conditions)),
  ];
}
