// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation and IAM write their variables so.
import { expect, test } from '@jest/globals';
import { accountFor } from '../../../bench/rehearse/accounting.ts';
import { ledger } from '../../../bench/rehearse/ledger.ts';
import { type RawTemplate, resolveStack } from '../../../bench/rehearse/template.ts';
import { takenFrom, withoutOf } from '../../../bench/rehearse/without.ts';

const PLACE = { region: 'eu-central-1', account: '1', stackName: 'test' };
const TEMPLATE: RawTemplate = {
  Parameters: { Door: { Default: 'a', AllowedValues: ['a', 'off'] } },
  Conditions: { Shut: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Door' }, 'off'] }] } },
  Resources: {
    Key: { Type: 'AWS::SecretsManager::Secret', Condition: 'Shut' },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'rows' } },
    Role: {
      Type: 'AWS::IAM::Role',
      DependsOn: ['Table'],
      Properties: {
        Policies: [
          {
            PolicyDocument: {
              Statement: [
                {
                  Sid: 'Rows',
                  Effect: 'Allow',
                  Action: ['dynamodb:Query', 'dynamodb:GetItem'],
                  Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
                },
                {
                  Sid: 'Logs',
                  Effect: 'Allow',
                  Action: 'logs:PutLogEvents',
                  Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*' },
                },
              ],
            },
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'answer',
        Environment: {
          Variables: {
            KEYS: { 'Fn::If': ['Shut', { 'Fn::Sub': '{{resolve:secretsmanager:${Key}}}' }, 'open'] },
            BOTH: {
              'Fn::Join': [' ', [{ Ref: 'Table' }, { 'Fn::If': ['Shut', 'shut', { Ref: 'AWS::NoValue' }] }]],
            },
          },
        },
        Layers: [{ 'Fn::If': ['Shut', { Ref: 'AWS::NoValue' }, 'one'] }, 'two'],
      },
    },
    Strange: { Type: 'AWS::Strange::Thing' },
  },
  Outputs: {
    Arn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } },
    Key: { Condition: 'Shut', Value: { Ref: 'Key' } },
  },
};
const resolve = (template = TEMPLATE, parameters = {}) =>
  resolveStack(template, PLACE, parameters, (id) => `value of ${id}`);

test('functions of the template are worked out: references, conditions, joins, secrets, and what is nothing', () => {
  const stack = resolve();
  expect(stack.get('Function').properties).toEqual({
    FunctionName: 'answer',
    Environment: { Variables: { KEYS: 'value of Key', BOTH: 'rows shut' } },
    Layers: ['two'],
  });
  expect(stack.outputs.Arn).toBe('arn:aws:lambda:eu-central-1:1:function:answer');
  expect([...stack.secretsRead]).toEqual(['Key']);
  const [rows] = stack.get('Role').properties.Policies[0].PolicyDocument.Statement;
  expect(rows.Resource).toBe('arn:aws:dynamodb:eu-central-1:1:table/rows');
});

test('a condition that does not hold makes neither the resource nor its output', () => {
  const stack = resolve(TEMPLATE, { Door: 'off' });
  expect(stack.absent).toEqual([{ id: 'Key', type: 'AWS::SecretsManager::Secret', condition: 'Shut' }]);
  expect(Object.keys(stack.outputs)).toEqual(['Arn']);
  const { properties } = stack.get('Function');
  expect([
    properties.Environment.Variables.KEYS,
    properties.Environment.Variables.BOTH,
    properties.Layers,
  ]).toEqual(['open', 'rows', ['one', 'two']]);
  expect(() => resolve(TEMPLATE, { Door: 'ajar' })).toThrow('the parameter Door is ajar, and may be a, off');
});

test('a template that refers to what it has not cannot be deployed', () => {
  const without = (id: string) => takenFrom(TEMPLATE, withoutOf(id));
  expect(() => resolve(without('Table'))).toThrow('the template refers to Table, which is not in it');
  expect(() => resolve(without('Key'))).toThrow('the template refers to Key, which is not in it');
  const unknown = {
    Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Split': [',', 'a,b'] } } } },
  };
  expect(() => resolve(unknown)).toThrow('Fn::Split is not known here');
});

test('a permission that is taken away is missed, and a resource with it whatever depends on it is let be', () => {
  const query = {
    action: 'dynamodb:Query',
    resource: 'arn:aws:dynamodb:eu-central-1:1:table/rows',
    context: {},
  };
  expect(ledger(resolve()).ask('Role', query)).toBeNull();
  const poorer = ledger(resolve(takenFrom(TEMPLATE, withoutOf('Role/dynamodb:Query'))));
  expect(poorer.ask('Role', query)).toMatch(
    /^arn:aws:iam::1:role\/test-Role-\w+ is not authorized to perform: dynamodb:Query on resource: .*rows because no policy allows it$/,
  );
  expect(poorer.ask('Role', { ...query, action: 'dynamodb:GetItem' })).toBeNull();
  expect(poorer.entries().map(({ action, allowed, refused }) => [action, allowed, refused])).toEqual([
    ['dynamodb:Query', 0, 1],
    ['dynamodb:GetItem', 1, 0],
  ]);
  expect(poorer.unused()).toEqual(['Role Logs']);
  expect(() => takenFrom(TEMPLATE, withoutOf('Role/dynamodb:Scan'))).toThrow(
    'Role has no dynamodb:Scan that could be taken away',
  );
  expect(() => takenFrom(TEMPLATE, withoutOf('Nobody'))).toThrow(
    'the template has no Nobody that could be taken away',
  );
  expect(takenFrom(TEMPLATE, withoutOf('Strange')).Resources.Strange).toBeUndefined();
});

test('every resource is accounted for, or is named as one of which nothing is known', () => {
  const stack = resolve(TEMPLATE, { Door: 'off' });
  const book = ledger(stack);
  book.touch('Function');
  const { accounts, unaccounted } = accountFor(TEMPLATE, stack, book, new Map());
  expect(accounts.map(({ id, state }) => [id, state])).toEqual([
    ['Key', 'not made'],
    ['Table', 'not run'],
    ['Role', 'not run'],
    ['Function', 'run'],
    ['Strange', 'not run'],
  ]);
  expect(unaccounted).toEqual(['Strange (AWS::Strange::Thing)']);
});
