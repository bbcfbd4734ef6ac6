import { resolve } from 'node:path';
import { askStation, type ControlAnswer } from '../../adapters/net/control.ts';
import { CliError, EXIT, type ExitName } from '../terminal/output.ts';

/** Asks the local station, or the stage. What it refuses ends the command as if it had been refused here. */
export async function askOperator(
  { data, stage }: { data: string; stage?: string },
  action: string,
  input: unknown = {},
): Promise<unknown> {
  const answer =
    stage === undefined
      ? await askStation(resolve(data), action, input)
      : await (await import('./stage.ts')).askStage(stage, action, input);
  if (!answer) {
    throw new CliError(
      'notFound',
      'not_running',
      `no station runs on ${data}: start one with: pianola start --data ${data}`,
    );
  }
  return unwrap(answer);
}

export function unwrap(answer: ControlAnswer): unknown {
  if ('result' in answer) return answer.result;
  const { exit, code, message } = answer.error;
  throw new CliError(exit in EXIT && exit !== 'ok' ? (exit as ExitName) : 'fault', code, message);
}
