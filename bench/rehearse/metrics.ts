/** What functions measure, read from their logs as CloudWatch does (the embedded metric format), and which alarms it sets off. */
import type { Stack } from './template.ts';

export type Metrics = {
  /** Takes what a function has written since it was last read. */
  read(output: string): void;
  /** Of a service about itself: `AWS/Lambda`, `Throttles`. */
  count(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): void;
  sum(namespace: string, name: string, dimensions: readonly { Name: string; Value: string }[]): number;
};
type Emf = {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string }[];
    }[];
  };
} & Readonly<Record<string, unknown>>;

export function metrics(): Metrics {
  const sums = new Map<string, number>();
  const nameOf = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string =>
    [
      namespace,
      name,
      ...Object.entries(dimensions)
        .map((pair) => pair.join('='))
        .sort(),
    ].join(' ');
  const add = (name: string, value: number) => void sums.set(name, (sums.get(name) ?? 0) + value);
  return {
    read(output) {
      for (const line of output.split('\n')) {
        if (!line.includes('"_aws"')) continue;
        const told = JSON.parse(line) as Emf;
        for (const { Namespace, Dimensions, Metrics } of told._aws?.CloudWatchMetrics ?? [])
          for (const set of Dimensions)
            for (const { Name } of Metrics) {
              const dimensions = Object.fromEntries(
                set.map((dimension) => [dimension, String(told[dimension])]),
              );
              for (const value of [told[Name]].flat())
                add(nameOf(Namespace, Name, dimensions), Number(value));
            }
      }
    },
    count: (namespace, name, dimensions) => add(nameOf(namespace, name, dimensions), 1),
    sum: (namespace, name, dimensions) =>
      sums.get(
        nameOf(namespace, name, Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]))),
      ) ?? 0,
  };
}

/** Namespaces of which something is counted here. */
const COUNTED = ['AWS/Lambda'];

/**
 * Each alarm by its logical id: whether the sum of the whole evening sets it off, or null where its metric is none that
 * is counted here. Periods are longer than a rehearsal.
 */
export function alarms(stack: Stack, measured: Metrics): ReadonlyMap<string, boolean | null> {
  const known = new Set([
    ...COUNTED,
    ...stack
      .ofType('AWS::Lambda::Function')
      .map(({ properties }) => properties.Environment?.Variables?.METRICS_NAMESPACE),
  ]);
  return new Map(
    stack.ofType('AWS::CloudWatch::Alarm').map(({ id, properties }) => {
      const { Namespace, MetricName, Dimensions = [], Threshold, ComparisonOperator, Statistic } = properties;
      const isCounted =
        known.has(Namespace) && Statistic === 'Sum' && ComparisonOperator === 'GreaterThanThreshold';
      return [id, isCounted ? measured.sum(Namespace, MetricName, Dimensions) > Number(Threshold) : null];
    }),
  );
}
