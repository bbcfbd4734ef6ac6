import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Packages the functions as a deployment would, for arm64 where nothing else is said. Not synchronously: a child of tsx waits for its parent to answer.
 * @param params of the stack besides, `minutes=3`
 */
export async function packageInto(
  directory: string,
  architecture = 'arm64',
  params: readonly string[] = [],
): Promise<void> {
  const serverless = join('node_modules', 'serverless', 'bin', 'serverless.js');
  await promisify(execFile)(
    process.execPath,
    [
      serverless,
      'package',
      ...[`architecture=${architecture}`, ...params].map((param) => `--param=${param}`),
      '--package',
      directory,
    ],
    {
      env: { ...process.env, SLS_TELEMETRY_DISABLED: '1' },
      timeout: 600_000,
    },
  );
}
