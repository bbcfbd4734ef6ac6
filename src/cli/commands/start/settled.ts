/** What a start is told in more than one place, or only together. */
import type { TlsFiles } from '../../../local/tls-files.ts';
import type { WebhookConfig } from '../../../local/webhook.ts';
import type { Settings } from '../../settings/settings.ts';
import { portOption } from '../../terminal/options.ts';
import { CliError } from '../../terminal/output.ts';

export const DEFAULT_PORT = 8080;

export function tlsFilesOf(cert: string | undefined, key: string | undefined): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw new CliError(
    'usage',
    'usage',
    'a certificate and its key go together: give --tls-cert and --tls-key',
  );
}

export function webhookOf(
  { PIANOLA_WEBHOOK: url, PIANOLA_WEBHOOK_SECRET: secret }: Settings,
  site: string,
): WebhookConfig | null {
  if (url === undefined && secret === undefined) return null;
  if (url !== undefined && secret !== undefined) return { url, secret, site };
  throw new CliError(
    'usage',
    'bad_setting',
    'PIANOLA_WEBHOOK and PIANOLA_WEBHOOK_SECRET go together: give both',
  );
}

export function portOfEnvironment(): number {
  const text = process.env.PORT;
  if (!text) return DEFAULT_PORT;
  try {
    return portOption(text);
  } catch (cause) {
    const message = `PORT in the environment is "${text}": ${(cause as Error).message}`;
    throw new CliError('usage', 'bad_port', message, { cause });
  }
}

export const orNone = <K extends string, T>(key: K, value: T | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: T };
