// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation and IAM write their variables so.
import { expect, test } from '@jest/globals';
import { type Call, type Caller, isLike, judge, type Statement } from '../../../bench/rehearse/policies.ts';

const ROLE: Caller = { kind: 'role', arn: 'arn:aws:iam::1:role/broadcast', account: '1' };
const TABLE = 'arn:aws:dynamodb:eu-central-1:1:table/connections';
const call = (action: string, resource: string, context: Call['context'] = {}): Call => ({
  action,
  resource,
  context,
});
const QUERY = call('dynamodb:Query', TABLE);
const allow = (rest: Partial<Statement> = {}): Statement => ({
  ...{ Effect: 'Allow', Action: 'dynamodb:Query', Resource: TABLE },
  ...rest,
});
const verdictOn = (
  asked: Call,
  own: readonly Statement[],
  theirs: readonly Statement[] = [],
  caller: Caller = ROLE,
) => judge(asked, caller, own, theirs).verdict;

test('what nothing allows is not allowed, and says which statement allowed what is', () => {
  const statement = allow();
  expect(judge(QUERY, ROLE, [], [])).toEqual({ verdict: 'not allowed', by: null });
  expect(judge(QUERY, ROLE, [statement], [])).toEqual({ verdict: 'allowed', by: statement });
  expect(verdictOn(call('dynamodb:GetItem', TABLE), [statement])).toBe('not allowed');
  expect(verdictOn(call('dynamodb:Query', `${TABLE}/index/byStart`), [statement])).toBe('not allowed');
});

test('a deny counts more than any allow, wherever it stands', () => {
  const deny: Statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
  expect(verdictOn(QUERY, [allow(), deny])).toBe('denied');
  expect(verdictOn(QUERY, [allow()], [{ ...deny, Principal: '*' }])).toBe('denied');
});

test('actions are compared without case, resources with it; * is any text, ? one character', () => {
  expect(verdictOn(QUERY, [allow({ Action: ['DYNAMODB:query'] })])).toBe('allowed');
  expect(verdictOn(QUERY, [allow({ Resource: TABLE.toUpperCase() })])).toBe('not allowed');
  const matches = ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/midi/?.mid', 'arn:aws:s3:::b/midi'].map((pattern) =>
    isLike(pattern, 'arn:aws:s3:::b/midi/a.mid'),
  );
  expect(matches).toEqual([true, true, false]);
  // A point is a point, and a line's end is no end.
  expect([isLike('a.c', 'abc'), isLike('a*', 'a\nb'), isLike('a', 'a\nb')]).toEqual([false, true, false]);
});

test('NotAction and NotResource are everything else', () => {
  const others: Statement = { Effect: 'Allow', NotAction: 'dynamodb:Query', Resource: '*' };
  expect(verdictOn(QUERY, [others])).toBe('not allowed');
  expect(verdictOn(call('dynamodb:GetItem', TABLE), [others])).toBe('allowed');
  const elsewhere: Statement = { Effect: 'Allow', Action: '*', NotResource: TABLE };
  expect(verdictOn(QUERY, [elsewhere])).toBe('not allowed');
});

test('a policy of what is called lets in whom it names: a service, a role, an account', () => {
  const service: Caller = { kind: 'service', service: 'apigateway.amazonaws.com' };
  const named = allow({ Principal: { Service: 'apigateway.amazonaws.com' } });
  expect(verdictOn(QUERY, [], [named], service)).toBe('allowed');
  expect(verdictOn(QUERY, [], [named])).toBe('not allowed');
  expect(verdictOn(QUERY, [], [allow({ Principal: { AWS: ROLE.arn } })])).toBe('allowed');
  expect(verdictOn(QUERY, [], [allow({ Principal: { AWS: 'arn:aws:iam::1:root' } })])).toBe('allowed');
  expect(verdictOn(QUERY, [], [allow({ Principal: { AWS: 'arn:aws:iam::2:root' } })])).toBe('not allowed');
  // A statement of a resource without anybody in it speaks of nobody.
  expect(verdictOn(QUERY, [], [allow()])).toBe('not allowed');
});

const under = (Condition: Statement['Condition']) => allow({ Condition: Condition! });
test.each<[string, Statement['Condition'], Call['context'], boolean]>([
  ['equal', { StringEquals: { 'aws:SourceAccount': '1' } }, { 'aws:SourceAccount': '1' }, true],
  ['keys without case', { StringEquals: { 'AWS:SourceArn': 'a' } }, { 'aws:SourceArn': 'a' }, true],
  ['one of several', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
  ['another', { StringEquals: { k: 'a' } }, { k: 'b' }, false],
  ['none', { StringEquals: { k: 'a' } }, {}, false],
  ['none, where it may be missing', { StringEqualsIfExists: { k: 'a' } }, {}, true],
  ['not equal', { StringNotEquals: { k: 'a' } }, { k: 'b' }, true],
  ['not equal, and missing', { StringNotEquals: { k: 'a' } }, {}, true],
  [
    'like',
    { ArnLike: { k: 'arn:aws:execute-api:*:1:api/dev/*' } },
    { k: 'arn:aws:execute-api:eu:1:api/dev/join' },
    true,
  ],
  [
    'unlike',
    { ArnLike: { k: 'arn:aws:execute-api:*:1:api/dev/$connect' } },
    { k: 'arn:aws:execute-api:eu:1:api/dev/join' },
    false,
  ],
  ['a truth', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false],
  ['both of two', { StringEquals: { k: 'a', l: 'b' } }, { k: 'a', l: 'c' }, false],
  ['all values', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'b'] }, true],
  ['all values but one', { 'ForAllValues:StringEquals': { k: ['a'] } }, { k: ['a', 'b'] }, false],
  ['all of no values', { 'ForAllValues:StringEquals': { k: ['a'] } }, {}, true],
  ['any value', { 'ForAnyValue:StringEquals': { k: ['a'] } }, { k: ['a', 'b'] }, true],
  ['any of no values', { 'ForAnyValue:StringEquals': { k: ['a'] } }, {}, false],
  ['absent', { Null: { k: 'true' } }, {}, true],
])('under a condition: %s', (_what, condition, context, holds) => {
  const asked = call('dynamodb:Query', TABLE, context);
  expect(verdictOn(asked, [under(condition)])).toBe(holds ? 'allowed' : 'not allowed');
});

test('what is not known is neither yes nor no', () => {
  const numbers = under({ NumericLessThan: { k: '1' } });
  expect(() => verdictOn(call('dynamodb:Query', TABLE, { k: '0' }), [numbers])).toThrow(
    'the condition NumericLessThan is not known here',
  );
  const variable = allow({ Resource: 'arn:aws:s3:::b/${aws:username}' });
  expect(() => verdictOn(QUERY, [variable])).toThrow('policy variables are not known here');
});
