import type { Backend } from './backend.ts';
import type { Finding } from './doctor-checks.ts';
import { CliError } from './output.ts';

/** The data of a deployed stage. */
export async function openStage(stage: string): Promise<Backend> {
  throw new CliError(
    'notFound',
    'no_stage',
    `stage ${stage} cannot be reached from this version: leave --stage away to work on the local data directory`,
  );
}

/** What a local station answers by its control port, a stage answers by its tables. */
export async function askStage(stage: string, _action: string, _input: unknown): Promise<never> {
  return openStage(stage) as Promise<never>;
}

/** The doctor's rows for a stage. */
export async function stageChecks(
  stage: string,
): Promise<readonly (readonly [string, () => Promise<Omit<Finding, 'check'>>])[]> {
  return openStage(stage) as Promise<never>;
}
