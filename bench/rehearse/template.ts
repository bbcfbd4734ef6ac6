/** A stack as CloudFormation would make it of a template: conditions decided, functions worked out, physical names given. */
import { physicalOf } from './physical.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties have any shape; who reads one knows which.
export type Properties = Record<string, any>;
type Raw = {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: Properties;
  readonly DependsOn?: string | readonly string[];
};
export type RawTemplate = {
  readonly Resources: Readonly<Record<string, Raw>>;
  readonly Parameters?: Readonly<
    Record<string, { readonly Default?: unknown; readonly AllowedValues?: readonly unknown[] }>
  >;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
};
/** Where it is made. */
export type Place = { readonly region: string; readonly account: string; readonly stackName: string };
export type Resource = { readonly id: string; readonly type: string; readonly properties: Properties };
export type Stack = {
  readonly place: Place;
  /** What is made, by logical id. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** What is in the template and is not made, since its condition does not hold. */
  readonly absent: readonly { readonly id: string; readonly type: string; readonly condition: string }[];
  readonly outputs: Readonly<Record<string, string>>;
  ofType(type: string): readonly Resource[];
  /** @throws where there is none of that id */
  get(id: string): Resource;
  ref(id: string): string;
  attribute(id: string, name: string): string;
  /** Logical ids of secrets whose values a dynamic reference has asked for. */
  readonly secretsRead: ReadonlySet<string>;
};

/** Stands for AWS::NoValue until what holds it is cleared of it. */
const NOTHING = Symbol('AWS::NoValue');
const SECRET = /\{\{resolve:secretsmanager:(arn:[^}]+?)\}\}/g;

/**
 * @param parameters in place of the template's defaults
 * @param secretOf the value of a secret, by its logical id
 * @throws where the template refers to what is not made, or asks for what is not known here
 */
export function resolveStack(
  template: RawTemplate,
  place: Place,
  parameters: Readonly<Record<string, string>> = {},
  secretOf: (id: string) => string = (id) => `secret-of-${id}`,
): Stack {
  const { Resources, Parameters = {}, Conditions = {}, Outputs = {} } = template;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::Region': place.region,
    'AWS::AccountId': place.account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': place.stackName,
    'AWS::NoValue': NOTHING,
  };
  const decided = new Map<string, boolean>();
  const secretsRead = new Set<string>();

  const holds = (name: string): boolean => {
    const known = decided.get(name);
    if (known !== undefined) return known;
    if (!(name in Conditions)) throw new Error(`the template has no condition ${name}`);
    const truth = Boolean(resolved(Conditions[name]));
    decided.set(name, truth);
    return truth;
  };
  const isMade = ({ Condition }: Raw) => Condition === undefined || holds(Condition);
  const madeOf = (id: string): Raw => {
    const raw = Resources[id];
    if (!raw) throw new Error(`the template refers to ${id}, which is not in it`);
    if (!isMade(raw)) throw new Error(`the template refers to ${id}, which is made only if ${raw.Condition}`);
    return raw;
  };
  const physical = (id: string) => {
    const { Type, Properties: own = {} } = madeOf(id);
    return physicalOf(Type, id, (name) => (own[name] === undefined ? undefined : resolved(own[name])), place);
  };
  const ref = (name: string): unknown => {
    if (name in pseudo) return pseudo[name];
    if (name in Parameters) return parameterOf(name);
    return physical(name).ref;
  };
  const parameterOf = (name: string): string => {
    const { Default, AllowedValues } = Parameters[name]!;
    const value = parameters[name] ?? Default;
    if (value === undefined) throw new Error(`the parameter ${name} has no value`);
    if (AllowedValues && !AllowedValues.includes(value))
      throw new Error(`the parameter ${name} is ${value}, and may be ${AllowedValues.join(', ')}`);
    return String(value);
  };
  const attribute = (id: string, name: string): string => {
    const value = physical(id).attributes[name];
    if (value === undefined) throw new Error(`what ${id}.${name} is, is not known here`);
    return value;
  };
  const substituted = (text: string, own: Readonly<Record<string, unknown>> = {}): string =>
    text.replace(/\$\{([^!}][^}]*)\}/g, (_whole, name: string) => {
      if (name in own) return String(resolved(own[name]));
      const dot = name.indexOf('.');
      return dot < 0 || name in pseudo
        ? String(ref(name))
        : attribute(name.slice(0, dot), name.slice(dot + 1));
    });
  const secretsIn = (text: string): string =>
    text.replace(SECRET, (_whole, arn: string) => {
      const id = Object.keys(Resources).find(
        (name) =>
          Resources[name]?.Type === 'AWS::SecretsManager::Secret' &&
          isMade(Resources[name]) &&
          physical(name).ref === arn,
      );
      if (!id) throw new Error(`there is no secret ${arn}`);
      secretsRead.add(id);
      return secretOf(id);
    });

  const FUNCTIONS: Readonly<Record<string, (argument: never) => unknown>> = {
    Ref: ref as never,
    Condition: holds as never,
    'Fn::GetAtt': ((of: string | [string, string]) => {
      const [id, ...rest] = typeof of === 'string' ? of.split('.') : of;
      return attribute(id!, rest.join('.'));
    }) as never,
    'Fn::Sub': ((of: string | [string, Record<string, unknown>]) =>
      secretsIn(typeof of === 'string' ? substituted(of) : substituted(...of))) as never,
    'Fn::Join': (([by, of]: [string, unknown[]]) =>
      of
        .map(resolved)
        .filter((part) => part !== NOTHING)
        .join(by)) as never,
    'Fn::If': (([name, yes, no]: [string, unknown, unknown]) => resolved(holds(name) ? yes : no)) as never,
    'Fn::Equals': (([one, other]: [unknown, unknown]) => resolved(one) === resolved(other)) as never,
    'Fn::Not': (([of]: [unknown]) => !resolved(of)) as never,
    'Fn::Or': ((of: unknown[]) => of.some((each) => resolved(each))) as never,
    'Fn::And': ((of: unknown[]) => of.every((each) => resolved(each))) as never,
  };

  function resolved(value: unknown): unknown {
    if (typeof value === 'string') return secretsIn(value);
    if (Array.isArray(value)) return value.map(resolved).filter((each) => each !== NOTHING);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && name in FUNCTIONS) return FUNCTIONS[name]!(argument as never);
    if (name.startsWith('Fn::')) throw new Error(`${name} is not known here`);
    const entries = Object.entries(value).map(([key, each]) => [key, resolved(each)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== NOTHING));
  }

  const resources = new Map<string, Resource>();
  const absent: { id: string; type: string; condition: string }[] = [];
  for (const [id, raw] of Object.entries(Resources)) {
    if (!isMade(raw)) {
      absent.push({ id, type: raw.Type, condition: raw.Condition! });
      continue;
    }
    for (const needed of [raw.DependsOn ?? []].flat())
      if (!(needed in Resources)) throw new Error(`${id} depends on ${needed}, which is not in the template`);
    resources.set(id, { id, type: raw.Type, properties: resolved(raw.Properties ?? {}) as Properties });
  }
  const outputs = Object.entries(Outputs)
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition))
    .map(([name, { Value }]) => [name, String(resolved(Value))]);
  return {
    place,
    resources,
    absent,
    outputs: Object.fromEntries(outputs),
    ofType: (type) => [...resources.values()].filter((resource) => resource.type === type),
    get(id) {
      const found = resources.get(id);
      if (!found) throw new Error(`the stack has no ${id}`);
      return found;
    },
    ref: (id) => String(ref(id)),
    attribute,
    secretsRead,
  };
}
