/** What we demand of a CloudFormation template, beside what cfn-lint and checkov ask. */
type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's, of any shape; a test says what it expects.
  readonly Properties?: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly Condition?: string;
};
export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
};
type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown };

export const ofType = (template: Template, type: string) =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

export function statementsOf(template: Template, role: string): Statement[] {
  type Policy = { PolicyDocument: { Statement: Statement[] } };
  const own = (template.Resources[role]?.Properties?.Policies ?? []) as Policy[];
  // Those that are a resource of their own, since they are there under a condition alone.
  const others = ofType(template, 'AWS::IAM::RolePolicy')
    .map(([, { Properties }]) => Properties as Policy & { RoleName: { Ref: string } })
    .filter(({ RoleName }) => RoleName.Ref === role);
  return [...own, ...others].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Whether a role may do something to a bucket, `ArchiveBucket`, or to an object in it, `ArchiveBucket/prompts/a.mid`. */
export function mayOnS3(template: Template, role: string, action: string, on: string): boolean {
  return statementsOf(template, role).some(
    ({ Action, Resource, Effect }) =>
      Effect === 'Allow' &&
      list(Action).includes(action) &&
      list<unknown>(Resource).some((resource) => {
        const { 'Fn::GetAtt': whole, 'Fn::Sub': part } = resource as {
          'Fn::GetAtt'?: [string, string];
          'Fn::Sub'?: string;
        };
        const pattern = whole ? whole[0] : (part ?? '').replace(/^\$\{(\w+)\.Arn\}/, '$1');
        const words = pattern.split('*').map((word) => word.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
        return new RegExp(`^${words.join('.*')}$`, 's').test(on);
      }),
  );
}

/** Statements that reach further than anything of ours may: everything, or everything of a kind. */
export function tooWide(template: Template): string[] {
  const found: string[] = [];
  for (const [name] of ofType(template, 'AWS::IAM::Role')) {
    for (const { Action, Resource } of statementsOf(template, name)) {
      for (const action of list(Action)) if (action.includes('*')) found.push(`${name}: ${action}`);
      for (const resource of list(Resource)) {
        const text = JSON.stringify(resource);
        if (text === '"*"' || /:\*"/.test(text.replace(/log-group:[^"]*:\*"/, '"')))
          found.push(`${name}: ${text}`);
      }
    }
  }
  return found;
}

/** All actions that a role may take. */
export const actionsOf = (template: Template, role: string): string[] =>
  statementsOf(template, role)
    .flatMap(({ Action }) => list(Action))
    .filter((action) => !action.startsWith('logs:'))
    .sort();
