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
  const policies = template.Resources[role]?.Properties?.Policies as
    | {
        PolicyDocument: { Statement: Statement[] };
      }[]
    | undefined;
  return (policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
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
