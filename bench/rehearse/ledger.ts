/** Who may do what on the stack, and a book of all that was asked: who, what, on what, and whether it was allowed. */
import { hash } from 'node:crypto';
import { type Call, type Caller, judge, type Statement } from './policies.ts';
import type { Resource, Stack } from './template.ts';

/** Keys of a role, as a function finds them in its environment. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};
export type Entry = {
  /** Logical id of a role, or a service. */
  readonly by: string;
  readonly action: string;
  /** The resource, with what is different in each call left out. */
  readonly on: string;
  allowed: number;
  refused: number;
  /** Of what was refused first. */
  reason?: string;
};
export type Ledger = {
  credentialsOf(role: string): Credentials;
  /** The role whose key it is; 'operator': somebody of the account; null: nobody's. */
  whose(accessKeyId: string, sessionToken: string | undefined): string | null;
  /** @param by logical id of a role, or a service: `apigateway.amazonaws.com` @returns why it is refused, or null */
  ask(by: string, call: Call): string | null;
  entries(): readonly Entry[];
  /** Statements that allow something, and were not needed: `BroadcastRole Listeners`. */
  unused(): readonly string[];
  touch(id: string): void;
  /** Logical ids that something was done with, and how often. */
  readonly touched: ReadonlyMap<string, number>;
};

export const OPERATOR = 'operator';
type Document = { readonly Statement: Statement | readonly Statement[] };
const statementsOf = (document: Document | undefined): readonly Statement[] =>
  document ? ([document.Statement].flat() as Statement[]) : [];

export function ledger(stack: Stack): Ledger {
  const roles = stack.ofType('AWS::IAM::Role');
  const touched = new Map<string, number>();
  const touch = (id: string) => void touched.set(id, (touched.get(id) ?? 0) + 1);
  const entries = new Map<string, Entry>();
  const needed = new Set<Statement>();
  /** Of a role: its own policies, and those that are a resource of their own. */
  const policies = new Map<string, readonly { statement: Statement; of: string }[]>();
  for (const { id, properties } of roles) {
    const own = (properties.Policies ?? []) as { PolicyDocument: Document }[];
    const apart = stack
      .ofType('AWS::IAM::RolePolicy')
      .filter((each) => each.properties.RoleName === stack.ref(id));
    policies.set(id, [
      ...own.flatMap(({ PolicyDocument }) =>
        statementsOf(PolicyDocument).map((statement) => ({ statement, of: id })),
      ),
      ...apart.flatMap((each) =>
        statementsOf(each.properties.PolicyDocument).map((statement) => ({ statement, of: each.id })),
      ),
    ]);
  }
  /** Policies of what is called, with the resource in which they stand. */
  const theirs: { arns: readonly string[]; statements: readonly Statement[]; id: string }[] = [
    ...stack.ofType('AWS::S3::BucketPolicy').map(({ id, properties }) => ({
      id,
      arns: [`arn:aws:s3:::${properties.Bucket}`, `arn:aws:s3:::${properties.Bucket}/`],
      statements: statementsOf(properties.PolicyDocument),
    })),
    ...stack.ofType('AWS::SQS::QueuePolicy').map(({ id, properties }) => ({
      id,
      arns: stack
        .ofType('AWS::SQS::Queue')
        .filter((queue) => properties.Queues.includes(stack.ref(queue.id)))
        .map((queue) => stack.attribute(queue.id, 'Arn')),
      statements: statementsOf(properties.PolicyDocument),
    })),
    ...stack
      .ofType('AWS::Lambda::Permission')
      .map(({ id, properties }) => ({ id, ...permission(stack, properties) })),
    ...roles.map(({ id, properties }) => ({
      id,
      arns: [stack.attribute(id, 'Arn')],
      statements: statementsOf(properties.AssumeRolePolicyDocument),
    })),
  ];
  const concerns = (arns: readonly string[], resource: string) =>
    arns.some((arn) => resource === arn || (arn.endsWith('/') && resource.startsWith(arn)));

  const keys = new Map(roles.map((role) => [role.id, keysOf(stack, role)]));

  return {
    touched,
    touch,
    credentialsOf: (role) => keys.get(role)!,
    whose(accessKeyId, sessionToken) {
      if (accessKeyId === OPERATOR) return OPERATOR;
      const found = [...keys].find(([, { accessKeyId: key }]) => key === accessKeyId);
      return found && found[1].sessionToken === sessionToken ? found[0] : null;
    },
    ask(by, call) {
      // Somebody of the account, who deploys and asks by hand: nothing of the template says what they may do.
      if (by === OPERATOR) return null;
      const isRole = policies.has(by);
      const caller: Caller = isRole
        ? { kind: 'role', arn: stack.attribute(by, 'Arn'), account: stack.place.account }
        : { kind: 'service', service: by };
      const own = isRole ? policies.get(by)! : [];
      const speaking = theirs.filter(({ arns }) => concerns(arns, call.resource));
      const said = judge(
        call,
        caller,
        own.map(({ statement }) => statement),
        speaking.flatMap(({ statements }) => statements),
      );
      if (said.by) needed.add(said.by);
      if (isRole) touch(by);
      for (const { id } of speaking) touch(id);
      const of = own.find(({ statement }) => statement === said.by)?.of;
      if (of !== undefined && of !== by) touch(of);
      const on = general(call.resource);
      const entry = entries.get(`${by} ${call.action} ${on}`) ?? {
        by,
        action: call.action,
        on,
        allowed: 0,
        refused: 0,
      };
      entries.set(`${by} ${call.action} ${on}`, entry);
      if (said.verdict === 'allowed') {
        entry.allowed++;
        return null;
      }
      entry.refused++;
      const why = said.verdict === 'denied' ? 'with an explicit deny' : 'because no policy allows it';
      const reason = `${isRole ? `${stack.attribute(by, 'Arn')}` : by} is not authorized to perform: ${call.action} on resource: ${call.resource} ${why}`;
      entry.reason ??= reason;
      return reason;
    },
    entries: () => [...entries.values()],
    unused: () =>
      [...policies].flatMap(([role, all]) =>
        all
          .filter(({ statement }) => statement.Effect === 'Allow' && !needed.has(statement))
          .map(
            ({ statement, of }) =>
              `${role}${of === role ? '' : ` (${of})`} ${statement.Sid ?? [statement.Action].flat().join(', ')}`,
          ),
      ),
  };
}

/** A permission is a policy of the function that it names. */
function permission(stack: Stack, properties: Resource['properties']) {
  const { FunctionName, Principal, SourceArn, Action } = properties;
  const named = stack
    .ofType('AWS::Lambda::Function')
    .find(({ id }) => [stack.ref(id), stack.attribute(id, 'Arn')].includes(FunctionName));
  const Condition = SourceArn ? { ArnLike: { 'aws:SourceArn': SourceArn } } : {};
  const arns = named ? [stack.attribute(named.id, 'Arn')] : [];
  return {
    arns,
    statements: [
      { Effect: 'Allow', Action, Principal: { Service: Principal }, Resource: arns, Condition },
    ] as const,
  };
}

const keysOf = (stack: Stack, { id }: Resource): Credentials => {
  const made = hash('sha256', `${stack.place.stackName} keys of ${id}`);
  return {
    accessKeyId: `ASIA${made.slice(0, 16).toUpperCase()}`,
    secretAccessKey: made.slice(16, 56),
    sessionToken: `session-${made.slice(40)}`,
  };
};

/** Keys, ids and dates are different in each call: what is left says which kind of thing it was. */
function general(resource: string): string {
  return resource
    .replace(/(@connections|log-stream:).+$/, '$1/…')
    .replace(/(:schedule\/[^/]+\/).+$/, '$1…')
    .replace(/^(arn:aws:s3:::[^/]+\/(?:[a-z]+\/)?).+$/, '$1…');
}
