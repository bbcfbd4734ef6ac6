import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { causesOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';

/**
 * Structured logs, and metrics in the embedded metric format: a log line that CloudWatch reads as a metric, so that
 * counting costs no call. Neither payloads nor addresses nor connection ids are ever written.
 */
const logger = new Logger({ serviceName: 'pianola' });
const metrics = new Metrics({
  namespace: process.env.METRICS_NAMESPACE ?? 'Pianola',
  serviceName: 'pianola',
});

/** Events that are counted; alarms in infra/alarms.yml look at some of them. */
const COUNTED: Readonly<Record<string, string>> = {
  'check.took_over': 'CheckTookOver',
  'broadcast.encore': 'EncorePlayed',
  'compose.failed': 'ComposeFailed',
  'continue.continued': 'Continued',
  'continue.refused': 'ContinueRefused',
  'continue.failed': 'ContinueFailed',
  'visit.failed': 'ContinueFailed',
  'visit.continued': 'VisitContinued',
  'visit.refused': 'VisitRefused',
  'model.fell_back': 'ModelFellBack',
  'broadcast.handed_over': 'HandedOver',
  'performance.unusable': 'PerformanceUnusable',
  'crowd.taken_on': 'PartTakenOn',
};
/** Events of more than one in a broadcast's second would cost more than they tell. */
const QUIET = new Set(['post.behind', 'post.failed']);

export const log: Log = (event, details = {}) => {
  if (event === 'broadcast.starts')
    measure('StartLatenessMs', Number(details?.startLatenessMs), 'Milliseconds');
  count(event);
  if (!QUIET.has(event)) logger.info(event, { details });
};

function count(event: string): void {
  const counted = COUNTED[event];
  if (!counted) return;
  measure(counted, 1);
  // Now: what goes on for fourteen minutes yet would tell it then, and what is killed never.
  writeMetrics();
}

export function measure(name: string, value: number, unit: keyof typeof MetricUnit = 'Count'): void {
  metrics.addMetric(name, MetricUnit[unit], value);
}

/** Writes what was measured; at the end of an event, whatever became of it. */
export const writeMetrics = (): void => {
  metrics.publishStoredMetrics();
};

/** An event that is a fault: one line, with where it was thrown, and with its reason where `pianola logs` looks for it. */
export function logFault(event: string, error: unknown, details: object = {}): void {
  count(event);
  logger.error(event, {
    error: error instanceof Error ? error : new Error(String(error)),
    details: { ...details, reason: causesOf(error) },
  });
}
