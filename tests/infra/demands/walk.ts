/** What CloudFormation's values name, and how they are written down here. */
import type { Described } from '../template.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's, of any shape.
export type Value = any;

export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

export const resourcesOf = (stack: Described, type: RegExp | string) =>
  Object.entries(stack.resources.Resources).filter(([, { Type }]) =>
    typeof type === 'string' ? Type === type : type.test(Type),
  );

/** Resources and parameters that a value refers to, pseudo parameters (`AWS::Region`) left out. */
export function namedIn(value: Value): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namedIn);
  return Object.entries(value as Record<string, Value>).flatMap(([key, inner]) => {
    if (key === 'Ref') return String(inner).startsWith('AWS::') ? [] : [String(inner)];
    if (key === 'Fn::GetAtt') return [Array.isArray(inner) ? String(inner[0]) : String(inner).split('.')[0]!];
    if (key !== 'Fn::Sub') return namedIn(inner);
    const [text, own] = Array.isArray(inner) ? inner : [inner, {}];
    const names = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name!.split('.')[0]!);
    return [...names.filter((name) => !name.startsWith('AWS::') && !(name in own)), ...namedIn(own)];
  });
}

/** An ARN in short: `ArchiveBucket/midi/*`, `lambda:function:pianola-dev-compose`, `Queue`. */
export function shortArn(value: Value): string {
  if (typeof value === 'string') return value;
  if (value['Fn::GetAtt']) return String(listOf(value['Fn::GetAtt'])[0]).replace(/\.Arn$/, '');
  return String(value['Fn::Sub'])
    .replace(/^\$\{(\w+)\.Arn\}/, '$1')
    .replace(/^arn:\$\{AWS::Partition\}:([\w-]+):\$\{AWS::Region\}:\$\{AWS::AccountId\}:/, '$1:')
    .replace(/\$\{(\w+)\}/g, '$1');
}
