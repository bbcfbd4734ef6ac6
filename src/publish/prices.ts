/**
 * List prices in us-east-1, US dollars, without free tiers, as AWS publishes them (aws.amazon.com/<service>/pricing),
 * written down on 2026-11-21 from notes, not read back from AWS that day: check before quoting. Other Regions
 * differ: eu-central-1 asks some 14 % more for the gateway.
 */
export const PRICES_DATE = '2026-11-21';
export const PRICES = {
  /** API Gateway, WebSocket: a message of up to 32 KB, either way. */
  gatewayMessage: 1.0e-6,
  gatewayConnectionMinute: 0.25e-6,
  lambdaRequest: 0.2e-6,
  /** arm64, first tier. */
  lambdaGbSecond: 0.0000133334,
  /** On demand; a read unit is 4 KB consistent, or 8 KB eventually consistent; a write unit is 1 KB. */
  dynamoReadUnit: 0.125e-6,
  dynamoWriteUnit: 0.625e-6,
  s3Put: 5e-6,
  s3Get: 0.4e-6,
  schedulerInvocation: 1e-6,
  /** Ingestion, a GB. */
  logsGb: 0.5,
  /** A custom metric, a month; prorated by the hour in which it is sent. */
  metricMonth: 0.3,
  /** Standard resolution, a month. */
  alarmMonth: 0.1,
  /** Metrics that are watched, and metrics of one's own, that every account has free each month, without end. */
  freeAlarms: 10,
  freeMetrics: 10,
  /** CloudFront: an HTTPS request in Europe and North America, and a run of a function there; 10 and 2 million a month are free for every account. */
  cloudFrontRequest: 1.0e-6,
  cloudFrontFunction: 0.1e-6,
  /** Secrets Manager, a secret a month. */
  secretMonth: 0.4,
  /** Data out of CloudFront, a GB; the first TB a month is free for every account. */
  cloudFrontGb: 0.085,
} as const;
