import { beforeAll, expect, test } from '@jest/globals';
import { clockRoute } from '../../src/adapters/net/clock-route.ts';
import { pageServer } from '../../src/adapters/net/http.ts';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { ofType } from '../lambda/policies.ts';
import { type Described, describeStack } from './template.ts';

/** What an account that was opened yesterday needs the stack to be; what is demanded of any is in demands/, what is packaged is looked at by tests/lambda. */
let stack: Described;
beforeAll(async () => {
  stack = await describeStack();
});
const properties = (name: string) => stack.resources.Resources[name]?.Properties ?? {};

/** What newer Regions grant an account, requests a second of all its APIs. */
const LEAST_QUOTA = 2_500;

test('pings and holes have rates of their own, and all rates together leave a tenth of the least quota', () => {
  const { DefaultRouteSettings, RouteSettings } = properties('WebsocketStage');
  expect(Object.keys(RouteSettings)).toEqual(['ping', 'punch']);
  const { ThrottlingRateLimit: pings, ThrottlingBurstLimit: pingsAtOnce } = RouteSettings.ping;
  const { ThrottlingRateLimit: others, ThrottlingBurstLimit: othersAtOnce } = DefaultRouteSettings;
  expect([pings, pingsAtOnce, others, othersAtOnce].map(Number)).toEqual([400, 1000, 300, 600]);
  const { ThrottlingRateLimit: holes, ThrottlingBurstLimit: holesAtOnce } = RouteSettings.punch;
  expect([holes, holesAtOnce]).toEqual([50, 200]);
  const posts = Number(stack.functions.broadcast?.environment.POSTS_PER_SECOND);
  expect(Number(pings) + Number(holes) + Number(others) + posts).toBeLessThanOrEqual(LEAST_QUOTA * 0.9);
});

test('an address is told of alarms and of a month that costs too much, and nobody where there is none', () => {
  const { Resources, Conditions, Parameters } = stack.resources;
  expect(Parameters).toMatchObject({ AlarmEmail: { Default: '' }, Budget: { Default: '10' } });
  expect(Conditions.SomebodyIsTold).toEqual({
    'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }],
  });
  for (const name of ['AlarmSubscription', 'MonthlyBudget'])
    expect(Resources[name]?.Condition).toBe('SomebodyIsTold');
  expect(properties('AlarmSubscription')).toMatchObject({
    TopicArn: { Ref: 'AlarmTopic' },
    Protocol: 'email',
    Endpoint: { Ref: 'AlarmEmail' },
  });
  expect(properties('MonthlyBudget').Budget).toMatchObject({
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: { Ref: 'Budget' }, Unit: 'USD' },
  });
});

test('a domain of one’s own is a name of the distribution, of the feeds and of what may connect', async () => {
  const { DistributionConfig } = properties('SiteDistribution');
  expect(DistributionConfig.Aliases).toEqual({
    'Fn::If': ['DomainIsOurs', [{ Ref: 'Domain' }], { Ref: 'AWS::NoValue' }],
  });
  expect(DistributionConfig.ViewerCertificate['Fn::If']).toEqual([
    'DomainIsOurs',
    {
      AcmCertificateArn: { Ref: 'Certificate' },
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    },
    { CloudFrontDefaultCertificate: true },
  ]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's.
  const own = { 'Fn::Sub': 'https://${SiteDistribution.DomainName}' };
  const there = await describeStack(
    'domain=piano.example',
    'certificate=arn:aws:acm:us-east-1:1:certificate/x',
  );
  const url = { 'Fn::If': ['DomainIsOurs', 'https://piano.example', own] };
  for (const name of ['compose', 'broadcast'])
    expect(there.functions[name]?.environment.SITE_URL).toEqual(url);
  expect(there.functions.connect?.environment.ALLOWED_ORIGINS).toEqual({ 'Fn::Join': [' ', [url, own, '']] });
  expect(there.resources.Parameters).toMatchObject({ Domain: { Default: 'piano.example' } });
  expect(stack.resources.Parameters).toMatchObject({ Domain: { Default: '' } });
});

test('no failure of a moment is kept at the edge', () => {
  const kept = properties('SiteDistribution').DistributionConfig.CustomErrorResponses;
  expect(
    // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
    Object.fromEntries(kept.map((each: any) => [each.ErrorCode, each.ErrorCachingMinTTL])),
  ).toEqual({ 404: 1, 500: 0, 502: 0, 503: 0, 504: 0 });
});

test('the music of a crowd is served from the site’s bucket, compressed and kept by its own headers, without a function, and expires', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
  const behaviors = properties('SiteDistribution').DistributionConfig.CacheBehaviors as any[];
  expect(behaviors.find((each) => each.PathPattern === '/live/*')).toEqual({
    PathPattern: '/live/*',
    TargetOriginId: 'site',
    ViewerProtocolPolicy: 'https-only',
    Compress: true,
    CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    ResponseHeadersPolicyId: { Ref: 'SiteHeaders' },
  });
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
  const rules = properties('SiteBucket').LifecycleConfiguration.Rules as any[];
  expect(rules.filter(({ Prefix }) => Prefix === 'live/')).toEqual([
    expect.objectContaining({ ExpirationInDays: 3, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    expect.objectContaining({ ExpiredObjectDeleteMarker: true }),
  ]);
  expect(rules.filter(({ ExpirationInDays, Prefix }) => ExpirationInDays && Prefix !== 'live/')).toEqual([]);
  expect(stack.functions.broadcast?.environment.FETCHED_ABOVE).toBe('auto');
});

test('what CloudFront names for all Regions has the Region in its name', () => {
  const named = Object.entries(stack.resources.Resources).filter(([, { Type }]) =>
    /^AWS::CloudFront::(Function|ResponseHeadersPolicy|OriginAccessControl)$/.test(Type),
  );
  expect(named.length).toBeGreaterThanOrEqual(7);
  for (const [, { Properties = {} }] of named) {
    const { Name } =
      Properties.OriginAccessControlConfig ?? Properties.ResponseHeadersPolicyConfig ?? Properties;
    expect(Name).toMatch(/^pianola-dev-eu-central-1-[a-z-]+$/);
    expect(Name.length).toBeLessThanOrEqual(64);
  }
});

test('nothing is paid for that comes free: the tables’ key, versions of artefacts, maps of sources that are not there', () => {
  for (const [, { Properties }] of ofType(stack.resources, 'AWS::DynamoDB::Table'))
    expect(Properties?.SSESpecification).toBeUndefined();
  expect(Object.keys(stack.provider.deploymentBucketObject)).not.toContain('versioning');
  expect(JSON.stringify(stack.provider.environment)).not.toContain('source-maps');
});

test('what CloudFront says at the door is what connect takes, is made up by AWS, and can be changed while people come in', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
  const resolved = (value: any, conditions: Record<string, boolean>): unknown => {
    if (value?.['Fn::If']) {
      const [condition, yes, no] = value['Fn::If'];
      return resolved(conditions[condition] ? yes : no, conditions);
    }
    return value;
  };
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
  const holds = (expression: any, key: string): boolean => {
    if (expression['Fn::Not']) return !holds(expression['Fn::Not'][0], key);
    // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
    if (expression['Fn::Or']) return expression['Fn::Or'].some((each: any) => holds(each, key));
    return expression['Fn::Equals'][1] === key;
  };
  const { Conditions, Parameters, Resources } = stack.resources;
  expect(Parameters?.DoorKey).toMatchObject({ Default: 'a', AllowedValues: ['a', 'ab', 'ba', 'b', 'off'] });
  const secret = (name: string) => `{{resolve:secretsmanager:\${DoorKey${name}}}}`;
  const gateway = properties('SiteDistribution').DistributionConfig.Origins.find(
    ({ Id }: { Id?: string }) => Id === 'gateway',
  );
  const seen = ['a', 'ab', 'ba', 'b', 'off'].map((key) => {
    const conditions = Object.fromEntries(
      ['DoorIsShut', 'DoorTakesA', 'DoorTakesB', 'DoorIsSentA'].map((name) => [
        name,
        holds(Conditions[name], key),
      ]),
    );
    const [header] = [resolved(gateway.OriginCustomHeaders, conditions)].flat() as {
      HeaderName?: string;
      HeaderValue?: unknown;
    }[];
    const sent =
      header?.HeaderName === 'x-pianola-door' ? resolved(header.HeaderValue, conditions) : 'nothing';
    const made = ['DoorKeyA', 'DoorKeyB'].filter((name) => conditions[Resources[name]!.Condition!]);
    return [key, sent, resolved(stack.functions.connect?.environment.DOOR_KEYS, conditions), made];
  });
  expect(seen).toEqual([
    ['a', { 'Fn::Sub': secret('A') }, { 'Fn::Sub': secret('A') }, ['DoorKeyA']],
    [
      'ab',
      { 'Fn::Sub': secret('A') },
      { 'Fn::Sub': `${secret('A')} ${secret('B')}` },
      ['DoorKeyA', 'DoorKeyB'],
    ],
    [
      'ba',
      { 'Fn::Sub': secret('B') },
      { 'Fn::Sub': `${secret('A')} ${secret('B')}` },
      ['DoorKeyA', 'DoorKeyB'],
    ],
    ['b', { 'Fn::Sub': secret('B') }, { 'Fn::Sub': secret('B') }, ['DoorKeyB']],
    ['off', 'nothing', 'open', []],
  ]);
  for (const name of ['DoorKeyA', 'DoorKeyB'])
    expect(properties(name).GenerateSecretString).toEqual({
      PasswordLength: 48,
      ExcludePunctuation: true,
      IncludeSpace: false,
    });
});

/** CloudFront's function, run as CloudFront would: its code defines `handler`. */
const siteClock = (querystring: object) =>
  new Function(`${String(properties('SiteClock').FunctionCode)}; return handler;`)()({
    request: { uri: '/clock', querystring },
  });

test('CloudFront answers what time it is by itself, as a local station does, and nobody keeps the answer', async () => {
  const server = pageServer(new Map(), '.', { more: async (...asked) => clockRoute(Date.now)(...asked) });
  const url = `http://127.0.0.1:${await listenOn(server, 0, '127.0.0.1')}/clock`;
  try {
    for (const [query, id] of [
      ['?id=7', '7'],
      ['?id=123456789012', '123456789012'],
      ['', ''],
      ['?id=1234567890123', ''],
      ['?id=<b>', ''],
      ['?id=7&id=<b>', ''],
    ] as const) {
      const value = new URLSearchParams(query).get('id');
      const local = await fetch(url + query);
      const text = await local.text();
      expect([query, text]).toEqual([query, expect.stringMatching(new RegExp(`^${id} \\d{13}$`))]);
      if (query.includes('&')) continue;
      const edge = siteClock(value === null ? {} : { id: { value } });
      expect([edge.statusCode, edge.body.encoding]).toEqual([200, 'text']);
      expect(edge.body.data.split(' ')[0]).toBe(id);
      expect(Math.abs(Number(edge.body.data.split(' ')[1]) - Date.now())).toBeLessThan(5_000);
      for (const name of ['content-type', 'cache-control', 'access-control-allow-origin'])
        expect([name, edge.headers[name].value]).toEqual([name, local.headers.get(name)]);
    }
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    const head = await fetch(`${url}?id=7`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('the site’s clock is there where the parameter says so, and only then are pages told of it', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's.
  const behaviors = properties('SiteDistribution').DistributionConfig.CacheBehaviors as any[];
  const path = behaviors.map((each) => each['Fn::If']).find((each) => each?.[1]?.PathPattern === '/clock');
  expect(path[0]).toBe('SiteClockIsOn');
  expect(path[1].CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
  expect(path[2]).toEqual({ Ref: 'AWS::NoValue' });
  expect((stack.resources.Resources.SiteClock as { Condition?: string }).Condition).toBe('SiteClockIsOn');
  expect(stack.resources.Parameters).toMatchObject({ Clock: { Default: 'on' } });
  expect(stack.provider.environment.SITE_CLOCK).toBe('on');
  const off = await describeStack('clock=off');
  expect(off.resources.Parameters).toMatchObject({ Clock: { Default: 'off' } });
  expect(off.provider.environment.SITE_CLOCK).toBe('off');
});

test('what listeners send is logged where it failed, and what the stack does by itself always', () => {
  const logs = Object.fromEntries(Object.entries(stack.functions).map(([name, each]) => [name, each.logs]));
  const quiet = { logFormat: 'JSON', systemLogLevel: 'WARN' };
  expect(logs).toMatchObject({ message: quiet, connect: quiet, disconnect: quiet });
  for (const name of ['compose', 'broadcast', 'continue']) expect(logs[name]).toBeUndefined();
});
