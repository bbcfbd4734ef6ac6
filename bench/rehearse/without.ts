/** What is taken away from a stack, to see that it is missed: a permission, a resource, or the retry of a join. */
import type { Statement } from './policies.ts';
import type { Properties, RawTemplate } from './template.ts';

export type Without =
  | { readonly kind: 'nothing' }
  /** The page asks once, and never again. */
  | { readonly kind: 'join-retry' }
  | { readonly kind: 'permission'; readonly role: string; readonly action: string }
  | { readonly kind: 'resource'; readonly id: string };

/** @param text `join-retry`, `BroadcastRole/dynamodb:Query`, or a logical id: `JoinResponse`; undefined: nothing */
export function withoutOf(text: string | undefined): Without {
  if (text === undefined) return { kind: 'nothing' };
  if (text === 'join-retry') return { kind: 'join-retry' };
  const [role = '', action] = text.split('/');
  return action === undefined ? { kind: 'resource', id: role } : { kind: 'permission', role, action };
}

/** @throws where the template has not what is to be taken away */
export function takenFrom(template: RawTemplate, without: Without): RawTemplate {
  if (without.kind === 'resource') return withoutResource(template, without.id);
  if (without.kind === 'permission') return withoutPermission(template, without.role, without.action);
  return template;
}

function withoutResource(template: RawTemplate, id: string): RawTemplate {
  const { [id]: gone, ...left } = template.Resources;
  if (!gone) throw new Error(`the template has no ${id} that could be taken away`);
  const Resources = Object.entries(left).map(([name, { DependsOn, ...resource }]) => {
    const needed = [DependsOn ?? []].flat().filter((each) => each !== id);
    return [name, needed.length > 0 ? { ...resource, DependsOn: needed } : resource];
  });
  return { ...template, Resources: Object.fromEntries(Resources) };
}

function withoutPermission(template: RawTemplate, role: string, action: string): RawTemplate {
  const resource = template.Resources[role];
  let found = 0;
  const without = (statement: Statement): readonly Statement[] => {
    const actions = [statement.Action ?? []].flat();
    const left = actions.filter((each) => each !== action);
    found += actions.length - left.length;
    return left.length === 0 ? [] : [{ ...statement, Action: left }];
  };
  const Policies = (resource?.Properties?.Policies ?? []).map((policy: Properties) => ({
    ...policy,
    PolicyDocument: {
      ...policy.PolicyDocument,
      Statement: (policy.PolicyDocument.Statement as Statement[]).flatMap(without),
    },
  }));
  if (!resource || found === 0) throw new Error(`${role} has no ${action} that could be taken away`);
  const changed = { ...resource, Properties: { ...resource.Properties, Policies } };
  return { ...template, Resources: { ...template.Resources, [role]: changed } };
}
