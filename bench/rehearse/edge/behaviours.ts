/** A CloudFront distribution as the template describes it: which behaviour a path has, and what its viewer's function makes of a request. */
import { createContext, runInContext } from 'node:vm';
import type { Properties, Resource, Stack } from '../template.ts';

export type Behaviour = {
  /** `Default (*)` where no pattern matches. */
  readonly pattern: string;
  readonly originId: string;
  readonly methods: readonly string[];
  /** What AWS calls "CachingDisabled" keeps nothing. */
  readonly caches: boolean;
  /** Headers added to answers, and those that are theirs even where the origin says otherwise. */
  readonly headers: Readonly<Record<string, string>>;
  /** Runs the viewer's function: another path, or an answer. */
  viewer(
    uri: string,
    method: string,
  ): { readonly uri: string } | { readonly status: number; readonly headers: Record<string, string> };
  /** Resources that it is made of. */
  readonly parts: readonly string[];
};
type FunctionAnswer = {
  readonly uri?: string;
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, { readonly value: string }>>;
};

/** AWS's own policies that are known here, by their ids ("Use managed cache policies", "… origin request policies"). */
const CACHES: Readonly<Record<string, boolean>> = {
  '658327ea-f89d-4fab-a63d-7e88639e58f6': true,
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': false,
};
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

/** `*` is any text, `?` one character, and case counts. */
export const matches = (pattern: string, path: string): boolean => {
  const escaped = pattern
    .replace(/[.+^$(){}|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const slash = pattern.startsWith('/') ? '' : '/?';
  return new RegExp(`^${slash}${escaped}$`, 's').test(path);
};

/** Those of a distribution, in the order in which they are looked at; the last takes whatever is left. */
export function behavioursOf(stack: Stack, distribution: Properties): readonly Behaviour[] {
  const { CacheBehaviors = [], DefaultCacheBehavior } = distribution;
  return [...CacheBehaviors, { ...DefaultCacheBehavior, PathPattern: 'Default (*)' }].map((each) =>
    behaviour(stack, each),
  );
}

function behaviour(stack: Stack, properties: Properties): Behaviour {
  const {
    PathPattern,
    TargetOriginId,
    AllowedMethods = ['GET', 'HEAD'],
    CachePolicyId,
    FunctionAssociations = [],
  } = properties;
  const caches = CACHES[CachePolicyId];
  if (caches === undefined)
    throw new Error(`the cache policy ${CachePolicyId} of ${PathPattern} is not known here`);
  const { OriginRequestPolicyId = ALL_VIEWER_EXCEPT_HOST } = properties;
  if (OriginRequestPolicyId !== ALL_VIEWER_EXCEPT_HOST)
    throw new Error(`the origin request policy ${OriginRequestPolicyId} of ${PathPattern} is not known here`);
  const policy = stack
    .ofType('AWS::CloudFront::ResponseHeadersPolicy')
    .find(({ id }) => stack.ref(id) === properties.ResponseHeadersPolicyId);
  const [association] = FunctionAssociations as { EventType: string; FunctionARN: string }[];
  const code =
    association &&
    stack.ofType('AWS::CloudFront::Function').find(({ id }) => stack.ref(id) === association.FunctionARN);
  if (association && (!code || association.EventType !== 'viewer-request'))
    throw new Error(`the function of ${PathPattern} is none that is known here`);
  const run = code ? runner(code) : null;
  return {
    pattern: PathPattern,
    originId: TargetOriginId,
    methods: AllowedMethods,
    caches,
    headers: policy ? headersOf(policy.properties.ResponseHeadersPolicyConfig) : {},
    parts: [policy?.id, code?.id].filter((id) => id !== undefined),
    viewer(uri, method) {
      const said = run?.(uri, method) ?? { uri };
      if (said.statusCode === undefined) return { uri: said.uri ?? uri };
      const headers = Object.entries(said.headers ?? {}).map(([name, { value }]) => [name, value]);
      return { status: said.statusCode, headers: Object.fromEntries(headers) };
    },
  };
}

/** A function of the edge has nothing but the language; it is given a second, where CloudFront gives a millisecond. */
function runner({ properties }: Resource): (uri: string, method: string) => FunctionAnswer {
  return (uri, method) => {
    const event = { version: '1.0', request: { method, uri, headers: {}, querystring: {}, cookies: {} } };
    const world = createContext({ event: JSON.stringify(event) });
    const text = runInContext(
      `${properties.FunctionCode}\nJSON.stringify(handler(JSON.parse(event)))`,
      world,
      { timeout: 1_000 },
    );
    return JSON.parse(text) as FunctionAnswer;
  };
}

function headersOf({
  SecurityHeadersConfig: config = {},
  CustomHeadersConfig,
}: Properties): Record<string, string> {
  const headers: Record<string, string> = {};
  const { ContentSecurityPolicy, ContentTypeOptions, FrameOptions, ReferrerPolicy, StrictTransportSecurity } =
    config;
  if (ContentSecurityPolicy) headers['content-security-policy'] = ContentSecurityPolicy.ContentSecurityPolicy;
  if (ContentTypeOptions) headers['x-content-type-options'] = 'nosniff';
  if (FrameOptions) headers['x-frame-options'] = FrameOptions.FrameOption;
  if (ReferrerPolicy) headers['referrer-policy'] = ReferrerPolicy.ReferrerPolicy;
  if (StrictTransportSecurity) {
    const { AccessControlMaxAgeSec, IncludeSubdomains } = StrictTransportSecurity;
    headers['strict-transport-security'] =
      `max-age=${AccessControlMaxAgeSec}${IncludeSubdomains ? '; includeSubDomains' : ''}`;
  }
  for (const { Header, Value } of CustomHeadersConfig?.Items ?? []) headers[Header.toLowerCase()] = Value;
  return headers;
}
