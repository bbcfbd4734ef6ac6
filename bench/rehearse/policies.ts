/** What IAM says to a call: policies of the caller and of what is called, in one account ("Policy evaluation logic"). */

type OneOrMore<T> = T | readonly T[];
export type Statement = {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMore<string>;
  readonly NotAction?: OneOrMore<string>;
  readonly Resource?: OneOrMore<string>;
  readonly NotResource?: OneOrMore<string>;
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore<string>>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore<unknown>>>>>;
};
export type Caller =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly service: string };
export type Call = {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request, by name: `dynamodb:LeadingKeys`. A set where a request can have several. */
  readonly context: Readonly<Record<string, OneOrMore<string>>>;
};
export type Verdict =
  | { readonly verdict: 'allowed'; readonly by: Statement }
  /** A statement forbids it. */
  | { readonly verdict: 'denied'; readonly by: Statement }
  /** No statement allows it. */
  | { readonly verdict: 'not allowed'; readonly by: null };

const list = <T>(value: OneOrMore<T> | undefined): readonly T[] =>
  value === undefined ? [] : ([value].flat() as T[]);

/** `*` is any text, also none and beyond colons and slashes; `?` is one character. */
export function isLike(pattern: string, text: string, ignoreCase = false): boolean {
  if (pattern.includes('${')) throw new Error(`policy variables are not known here: ${pattern}`);
  const escaped = pattern
    .replace(/[.+^$(){}|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, ignoreCase ? 'si' : 's').test(text);
}

/** Of a value of the request and one of the policy. */
type Compare = (asked: string, said: string) => boolean;
const equals: Compare = (asked, said) => asked === said;
const like: Compare = (asked, said) => isLike(said, asked);
const alike: Compare = (asked, said) => asked.toLowerCase() === said.toLowerCase();
const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> = {
  StringEquals: { compare: equals },
  StringNotEquals: { compare: equals, negated: true },
  StringEqualsIgnoreCase: { compare: alike },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: like },
  ArnLike: { compare: like },
  ArnNotEquals: { compare: like, negated: true },
  Bool: { compare: alike },
};

function conditionHolds(
  operator: string,
  key: string,
  wanted: readonly string[],
  { context }: Call,
): boolean {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const found = Object.entries(context).find(([each]) => each.toLowerCase() === key.toLowerCase());
  if (name === 'Null') return String(!found) === wanted[0];
  const known = OPERATORS[name];
  if (!known) throw new Error(`the condition ${operator} is not known here`);
  if (!found && ifExists) return true;
  const asked = found ? list(found[1]) : [];
  const one = (value: string): boolean =>
    wanted.some((said) => known.compare(value, said)) !== (known.negated ?? false);
  // "ForAllValues" holds also where a request has no such key.
  if (quantifier === 'ForAllValues') return asked.every(one);
  if (quantifier === 'ForAnyValue') return asked.some(one);
  if (!found) return known.negated ?? false;
  return asked.every(one);
}

function principalMatches(principal: Statement['Principal'], caller: Caller): boolean {
  if (principal === undefined) return true;
  if (principal === '*') return true;
  if (caller.kind === 'service') return list(principal.Service).includes(caller.service);
  return list(principal.AWS).some(
    (named) =>
      named === '*' ||
      named === caller.arn ||
      named === caller.account ||
      named === `arn:aws:iam::${caller.account}:root`,
  );
}

function speaksOf(statement: Statement, call: Call, caller: Caller): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const action = (pattern: string) => isLike(pattern, call.action, true);
  const resource = (pattern: string) => isLike(pattern, call.resource);
  if (!principalMatches(statement.Principal, caller)) return false;
  if (Action !== undefined ? !list(Action).some(action) : list(NotAction).some(action)) return false;
  // Of a trust policy the role itself is what is spoken of.
  const isSaid = Resource !== undefined || NotResource !== undefined;
  if (isSaid && (Resource !== undefined ? !list(Resource).some(resource) : list(NotResource).some(resource)))
    return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, key, list(wanted).map(String), call),
    ),
  );
}

/**
 * Whether a call is allowed: where nothing forbids it, and the caller's own policies or those of what is called allow it.
 * @param own of the caller; a service has none
 * @param theirs of what is called: a bucket's, a queue's, a role's trust
 * @throws where a policy says what is not known here: it must not be taken for a yes or a no
 */
export function judge(
  call: Call,
  caller: Caller,
  own: readonly Statement[],
  theirs: readonly Statement[],
): Verdict {
  const both = [...own, ...theirs.filter(({ Principal }) => Principal !== undefined)];
  const speaking = both.filter((statement) => speaksOf(statement, call, caller));
  const deny = speaking.find(({ Effect }) => Effect === 'Deny');
  if (deny) return { verdict: 'denied', by: deny };
  const allow = speaking.find(({ Effect }) => Effect === 'Allow');
  return allow ? { verdict: 'allowed', by: allow } : { verdict: 'not allowed', by: null };
}
