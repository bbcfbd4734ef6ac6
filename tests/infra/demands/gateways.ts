/** Websocket and HTTP API: who answers what, who may call whom, how much of it a second, and in which order they are made. */
import type { Described } from '../template.ts';
import { listOf, namedIn, resourcesOf, type Value } from './walk.ts';

const API = 'AWS::ApiGatewayV2';
/** What each API has to answer; without one of these its listeners or visitors wait for ever. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  WebsocketApi: ['$connect', '$disconnect', '$default', 'join', 'ping', 'punch', 'resume'],
  PlayApi: ['ANY /play/asked/{proxy+}', 'POST /play/asked/ticket'],
};
/** Nothing is said back on these. */
const MUTE = ['$connect', '$disconnect'];
/** What has a rate of its own: whoever floods it keeps nobody from the rest. */
const OWN_RATE: Readonly<Record<string, readonly string[]>> = {
  WebsocketStage: ['ping', 'punch'],
  PlayStage: ['POST /play/asked/ticket'],
};

const routesOf = (stack: Described, api?: string) =>
  resourcesOf(stack, `${API}::Route`).filter(([, { Properties }]) => !api || Properties?.ApiId.Ref === api);
const answersOf = (stack: Described) => resourcesOf(stack, `${API}::RouteResponse`);

export const missingRoutes = (stack: Described): string[] =>
  Object.entries(ROUTES).flatMap(([api, wanted]) => {
    const there = routesOf(stack, api).map(([, { Properties }]) => Properties?.RouteKey);
    const deployed = resourcesOf(stack, `${API}::Stage`).some(
      ([, { Properties }]) => Properties?.ApiId.Ref === api && Properties.AutoDeploy === true,
    );
    return [
      ...(deployed ? [] : [`${api} is deployed nowhere`]),
      ...wanted.filter((key) => !there.includes(key)).map((key) => `${api} does not route ${key}`),
    ];
  });

export const muteRoutes = (stack: Described): string[] =>
  routesOf(stack, 'WebsocketApi').flatMap(([name, { Properties }]) => {
    if (MUTE.includes(Properties?.RouteKey)) return [];
    const answered = answersOf(stack).some(([, answer]) => answer.Properties?.RouteId.Ref === name);
    return [
      ...(answered ? [] : [`${name} has no response`]),
      ...(Properties?.RouteResponseSelectionExpression ? [] : [`${name} selects no response`]),
    ];
  });

/** One deployment, of all that is to be in it. */
export const unawaited = (stack: Described): string[] =>
  resourcesOf(stack, `${API}::Stage`).flatMap(([name, resource]) => {
    const { DependsOn, Properties } = resource as typeof resource & { DependsOn?: string | string[] };
    const routes = routesOf(stack, Properties?.ApiId.Ref).map(([route]) => route);
    const answers = answersOf(stack).filter(([, answer]) => routes.includes(answer.Properties?.RouteId.Ref));
    const answered = answers.map(([, answer]) => answer.Properties?.RouteId.Ref);
    // An answer waits for its route, which it names.
    const needed = [...routes.filter((route) => !answered.includes(route)), ...answers.map(([each]) => each)];
    return needed
      .filter((each) => !listOf(DependsOn).includes(each))
      .map((each) => `${name} does not wait for ${each}`);
  });

/** What is named nowhere must still be there before: a right, or a policy that AWS looks at when the other is made. */
export const unawaitedRights = (stack: Described): string[] => {
  const waits: readonly (readonly [string, string])[] = [
    ['ArchiveBucket', 'PromptsQueuePolicy'],
    ['UploadsBucket', 'VisitorsQueuePolicy'],
    ['VisitorsToContinue', 'ContinueForVisitors'],
  ];
  return waits
    .filter(
      ([name, other]) =>
        !listOf((stack.resources.Resources[name] as { DependsOn?: string[] })?.DependsOn).includes(other),
    )
    .map(([name, other]) => `${name} does not wait for ${other}`);
};

/** Each function that an integration names lets that API call it for each of its routes. */
export const uncallable = (stack: Described): string[] => {
  const permissions = resourcesOf(stack, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties!);
  return routesOf(stack).flatMap(([name, { Properties }]) => {
    const { ApiId, RouteKey, Target } = Properties!;
    const integration = namedIn(Target)[0] ?? '';
    const calls = namedIn(stack.resources.Resources[integration]?.Properties?.IntegrationUri)[0];
    const path = RouteKey.startsWith('$') || !RouteKey.includes(' ') ? RouteKey : RouteKey.split(' ')[1];
    const may = permissions.some((permission: Value) => {
      const [, ...rest] = String(permission.SourceArn?.['Fn::Sub']).split(`\${${ApiId.Ref}}/`);
      const pattern = rest
        .join('')
        .replace(/[.$?+^(){}[\]|\\]/g, '\\$&')
        .replaceAll('*', '.*');
      const stage = ApiId.Ref === 'WebsocketApi' ? 'dev/' : '$default/POST';
      return (
        permission.Action === 'lambda:InvokeFunction' &&
        permission.Principal === 'apigateway.amazonaws.com' &&
        permission.FunctionName?.Ref === calls &&
        new RegExp(`^${pattern}$`).test(stage + path)
      );
    });
    return may ? [] : [`${ApiId.Ref} may not call ${calls} for ${name}`];
  });
};

export const unthrottled = (stack: Described): string[] =>
  resourcesOf(stack, `${API}::Stage`).flatMap(([name, { Properties }]) => {
    const bounded = (settings: Value) =>
      Number(settings?.ThrottlingRateLimit) > 0 && Number(settings?.ThrottlingBurstLimit) > 0;
    return [
      ...(bounded(Properties?.DefaultRouteSettings) ? [] : [`${name} has no rate`]),
      ...(OWN_RATE[name] ?? [])
        .filter((route) => !bounded(Properties?.RouteSettings?.[route]))
        .map((route) => `${name} has no rate for ${route}`),
    ];
  });
