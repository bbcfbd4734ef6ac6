import type { ControlAnswer } from '../../adapters/net/control.ts';
import { CliError, EXIT, type ExitName } from '../terminal/output.ts';
import { type BackendOptions, placeOf } from './place.ts';

/** Asks the station. What it refuses ends the command as if it had been refused here. */
export async function askOperator(
  options: BackendOptions,
  action: string,
  input: unknown = {},
): Promise<unknown> {
  const place = placeOf(options);
  const answer = await place.ask(action, input);
  if (!answer) {
    throw new CliError(
      'notFound',
      'not_running',
      `no station runs on ${place.name}: start one with: pianola start --data ${place.name}`,
    );
  }
  return unwrap(answer);
}

export function unwrap(answer: ControlAnswer): unknown {
  if ('result' in answer) return answer.result;
  const { exit, code, message } = answer.error;
  throw new CliError(exit in EXIT && exit !== 'ok' ? (exit as ExitName) : 'fault', code, message);
}
