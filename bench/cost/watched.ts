/** How many metrics the stack's alarms look at: AWS asks for each. */
const OF_AN_ALARM = /^ {6}MetricName: /gm;

/** @param template the text of infra/alarms.yml, whose tags no reader of plain YAML knows */
export const watchedMetrics = (template: string): number => template.match(OF_AN_ALARM)?.length ?? 0;
