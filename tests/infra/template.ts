/** The stack as serverless.yml and infra/ describe it, with its variables filled in: no packaging, which takes a minute. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Template } from '../lambda/policies.ts';

export type Described = {
  readonly provider: {
    readonly deploymentBucketObject: object;
    readonly environment: Record<string, unknown>;
  };
  readonly functions: Record<
    string,
    {
      readonly name: string;
      readonly handler: string | null;
      readonly image?: unknown;
      readonly environment: Record<string, unknown>;
      readonly role: unknown;
      readonly logs?: unknown;
    }
  >;
  readonly resources: Template & {
    readonly Conditions: Record<string, unknown>;
    readonly Outputs: Record<string, { readonly Value: unknown }>;
  };
};

/** @param params e.g. `domain=piano.example` */
export async function describeStack(...params: readonly string[]): Promise<Described> {
  const serverless = join('node_modules', 'serverless', 'bin', 'serverless.js');
  const args = [serverless, 'print', '--format', 'json', ...params.map((param) => `--param=${param}`)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout.slice(stdout.indexOf('{')));
}
