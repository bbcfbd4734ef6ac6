/** Two things that no function of a stage knows: whether its distribution is there, and who writes the gateway's logs. */
import type { Stage } from '../../place/stage.ts';
import { ok, type Row, warning } from './row.ts';

/** The account's own setting (API Gateway, GetAccount); every API of the Region writes its log by this role. */
export async function logRole({ clients }: Stage): Promise<Row> {
  const region = await clients.lambda.config.region();
  const text = await clients.ask('apigateway', `https://apigateway.${region}.amazonaws.com`, '/account');
  const { cloudwatchRoleArn } = JSON.parse(text) as { cloudwatchRoleArn?: string };
  return ok(
    cloudwatchRoleArn
      ? `${cloudwatchRoleArn}: the access log can be switched on by accessLog=on`
      : 'none: an access log needs accessLog=with-role',
  );
}

/**
 * That AWS has verified an account for CloudFront is told by no call: it is seen by a distribution being there (CloudFront,
 * ListDistributions, the first hundred).
 */
export async function distribution({ clients, variable }: Stage): Promise<Row> {
  const { host } = new URL(variable('SITE_URL'));
  const text = await clients.ask(
    'cloudfront',
    'https://cloudfront.amazonaws.com',
    '/2020-05-31/distribution',
  );
  const summaries = [...text.matchAll(/<DistributionSummary>([\s\S]*?)<\/DistributionSummary>/g)].map(
    ([, one]) => one!,
  );
  const ours = summaries.find(
    (one) => one.includes(`<DomainName>${host}</DomainName>`) || one.includes(`<CNAME>${host}</CNAME>`),
  );
  if (!ours)
    return /<IsTruncated>true/.test(text)
      ? warning(
          `${host} is not among the first ${summaries.length} distributions`,
          'look for it in the console',
        )
      : warning(
          `no distribution of this account is ${host}`,
          'deploy the stage again; where CloudFront refuses, the account is not verified yet: see docs/operating.md',
        );
  const [, id] = /<Id>(\w+)<\/Id>/.exec(ours) ?? [];
  const [, status] = /<Status>(\w+)<\/Status>/.exec(ours) ?? [];
  const detail = `${id} is ${host}, ${status?.toLowerCase()}: the account is verified`;
  if (status !== 'Deployed') return warning(detail, 'it takes some minutes');
  return /<Enabled>false/.test(ours)
    ? warning(`${detail}, but switched off`, 'switch it on in the console')
    : ok(detail);
}
