/** A rehearsal in words. */
import type { Rehearsal } from './rehearsal.ts';

export function told({
  passed,
  faults,
  figures,
  accounts,
  calls,
  unneeded,
  alarms,
  refusals,
  invocations,
}: Rehearsal): string {
  const { resources, calls: counted, composed, heard, killed, epoch, state, seconds, stalledMs } = figures;
  const lines = [
    `resources: ${resources.run} run, ${resources.notMade} not made, ${resources.notRun} not run`,
    ...accounts
      .filter((account) => account.state !== 'run')
      .map(({ id, type, state: how, why }) => `  ${id} (${type}) ${how}: ${why}`),
    `calls: ${counted.allowed} allowed, ${counted.refused} refused`,
    ...calls.map(
      ({ by, action, on, allowed, refused }) =>
        `  ${by} ${action} ${on}: ${allowed}${refused > 0 ? `, ${refused} refused` : ''}`,
    ),
    'allowed, and not needed this evening:',
    ...unneeded.map((statement) => `  ${statement}`),
    ...Object.entries(invocations).map(
      ([name, { invoked, failed, throttled }]) =>
        `${name}: ${invoked} times, ${failed} failed, ${throttled} throttled`,
    ),
    ...Object.entries(refusals).map(([what, times]) => `the gateway refused ${what}: ${times} times`),
    `alarms: ${alarms.join(', ') || 'none'}`,
    `the broadcast is ${state}; ${killed} broadcasters killed, ${epoch} in all`,
    `composed: ${composed} notes`,
    ...heard.map(
      ({ who, notes, strays }) => `${who} heard ${notes}${strays > 0 ? `, and ${strays} others` : ''}`,
    ),
    ...faults.map((fault) => `FAULT: ${fault}`),
    `${passed ? 'passed' : 'failed'} in ${seconds} s; this machine stood still for ${stalledMs} ms at most`,
  ];
  return lines.join('\n');
}
