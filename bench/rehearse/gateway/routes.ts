/** A websocket API as the template describes it: which function answers what, whether its answer is sent back, and how often it may be asked. */
import type { Resource, Stack } from '../template.ts';
import { type Throttle, throttle } from './throttle.ts';

export type Route = {
  readonly key: string;
  /** ARN. */
  readonly function: string;
  /** What it returns goes to who has asked. */
  readonly answers: boolean;
  readonly throttle: Throttle;
  /** Resources that it is made of, by logical id. */
  readonly parts: readonly string[];
};
export type WebsocketApi = {
  readonly id: string;
  readonly stage: string;
  readonly domainName: string;
  /** The property of a message that names its route. */
  readonly selector: string;
  readonly routes: ReadonlyMap<string, Route>;
};
type Settings = { readonly ThrottlingRateLimit: number; readonly ThrottlingBurstLimit: number };

/** @throws where the template describes none, or one that cannot work @param now milliseconds */
export function websocketApi(stack: Stack, now: () => number): WebsocketApi {
  const api = stack
    .ofType('AWS::ApiGatewayV2::Api')
    .find(({ properties }) => properties.ProtocolType === 'WEBSOCKET');
  if (!api) throw new Error('the stack has no websocket API');
  const id = stack.ref(api.id);
  const ours = (type: string): readonly Resource[] =>
    stack.ofType(type).filter(({ properties }) => properties.ApiId === id);
  const [stage] = ours('AWS::ApiGatewayV2::Stage');
  if (!stage) throw new Error('the websocket API has no stage');
  const [, selector] = /^\$request\.body\.(\w+)$/.exec(api.properties.RouteSelectionExpression) ?? [];
  if (!selector)
    throw new Error(
      `routes are selected by ${api.properties.RouteSelectionExpression}, which is not known here`,
    );
  const { DefaultRouteSettings, RouteSettings = {} } = stage.properties;
  const bucket = ({ ThrottlingRateLimit, ThrottlingBurstLimit }: Settings) =>
    throttle(ThrottlingRateLimit, ThrottlingBurstLimit, now);
  const shared = bucket(DefaultRouteSettings);

  const routes = ours('AWS::ApiGatewayV2::Route').map(({ id: route, properties }): [string, Route] => {
    const { RouteKey, Target, RouteResponseSelectionExpression } = properties;
    const integration = ours('AWS::ApiGatewayV2::Integration').find(
      (each) => Target === `integrations/${stack.ref(each.id)}`,
    );
    const [, arn] =
      /\/functions\/(.+)\/invocations$/.exec(integration?.properties.IntegrationUri ?? '') ?? [];
    if (!integration || !arn) throw new Error(`the route ${RouteKey} leads to no function`);
    // Both are needed: without either the answer is thrown away ("Set up route responses for a WebSocket API").
    const response = ours('AWS::ApiGatewayV2::RouteResponse').find(
      (each) => each.properties.RouteId === stack.ref(route),
    );
    const answers = response !== undefined && RouteResponseSelectionExpression === '$default';
    const own = RouteSettings[RouteKey] as Settings | undefined;
    return [
      RouteKey,
      {
        key: RouteKey,
        function: arn,
        answers,
        throttle: own ? bucket(own) : shared,
        parts: [route, integration.id, api.id, stage.id, ...(answers ? [response.id] : [])],
      },
    ];
  });
  return {
    id,
    stage: stack.ref(stage.id),
    domainName: new URL(stack.attribute(api.id, 'ApiEndpoint')).host,
    selector,
    routes: new Map(routes),
  };
}
