/** The stack with one thing taken away, again and again: what a slip of the hand would leave. */
import type { Described } from '../template.ts';
import { listOf, resourcesOf, type Value } from './walk.ts';

export type Mutant = { readonly name: string; readonly kind: string; readonly stack: Described };

/** Where something lies: keys and indices from a resource on. */
type Path = readonly (string | number)[];

function without(stack: Described, path: Path): Described {
  const [name, ...rest] = path;
  // Nothing is changed but the resource, or that it is there.
  const Resources = { ...stack.resources.Resources } as Record<string, Value>;
  if (rest.length === 0) delete Resources[name!];
  else {
    Resources[name!] = structuredClone(Resources[name!]);
    const at = rest.slice(0, -1).reduce((value, key) => value[key], Resources[name!]);
    const last = rest.at(-1)!;
    if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  }
  return { ...stack, resources: { ...stack.resources, Resources } };
}

/** A statement's actions, or things, one by one; the only one takes the statement with it. */
function inStatements(path: Path, statements: readonly Value[]): readonly (readonly [string, Path])[] {
  return statements.flatMap((statement, i) => {
    const own = [...path, i];
    const about = statement.Sid ?? listOf(statement.Action).join(' ');
    const parts = ['Action', 'Resource'].flatMap((key) =>
      Array.isArray(statement[key]) && statement[key].length > 1
        ? statement[key].map((one: Value, j: number): readonly [string, Path] => [
            `${about} ${key} ${typeof one === 'string' ? one : j + 1}`,
            [...own, key, j],
          ])
        : [],
    );
    const condition: readonly (readonly [string, Path])[] = statement.Condition
      ? [[`${about} Condition`, [...own, 'Condition']]]
      : [];
    return [[about, own] as const, ...parts, ...condition];
  });
}

export function* mutants(stack: Described): Generator<Mutant> {
  const { Resources } = stack.resources;
  const mutant = (kind: string, name: string, path: Path): Mutant => ({
    kind,
    name,
    stack: without(stack, path),
  });
  for (const [name, resource] of Object.entries(Resources)) {
    yield mutant('resource', name, [name]);
    const { DependsOn, Properties = {} } = resource as { DependsOn?: string[] | string; Properties?: Value };
    if (typeof DependsOn === 'string')
      yield mutant('DependsOn', `${name} on ${DependsOn}`, [name, 'DependsOn']);
    else
      for (const [i, other] of listOf(DependsOn).entries())
        yield mutant('DependsOn', `${name} on ${other}`, [name, 'DependsOn', i]);
    const documents: readonly Path[] = [
      ['AssumeRolePolicyDocument'],
      ['PolicyDocument'],
      ...listOf<Value>(Properties.Policies).map((_, i): Path => ['Policies', i, 'PolicyDocument']),
    ];
    for (const document of documents) {
      const found = document.reduce((value, key) => value?.[key], Properties);
      if (!found) continue;
      const path = [name, 'Properties', ...document, 'Statement'];
      for (const [what, at] of inStatements(path, found.Statement))
        yield mutant('statement', `${name} ${what}`, at);
    }
  }
  for (const [name, { Properties = {} }] of resourcesOf(stack, 'AWS::ApiGatewayV2::Stage')) {
    for (const limit of ['ThrottlingRateLimit', 'ThrottlingBurstLimit']) {
      yield mutant('throttle', `${name} ${limit}`, [name, 'Properties', 'DefaultRouteSettings', limit]);
      for (const route of Object.keys(Properties.RouteSettings ?? {}))
        yield mutant('throttle', `${name} ${route} ${limit}`, [
          name,
          'Properties',
          'RouteSettings',
          route,
          limit,
        ]);
    }
  }
  for (const [name, { Properties }] of resourcesOf(stack, 'AWS::ApiGatewayV2::Route'))
    if (Properties?.RouteResponseSelectionExpression)
      yield mutant('answer', name, [name, 'Properties', 'RouteResponseSelectionExpression']);
  for (const [name] of resourcesOf(stack, 'AWS::CloudWatch::Alarm'))
    yield mutant('alarm', `${name} action`, [name, 'Properties', 'AlarmActions', 0]);
}
