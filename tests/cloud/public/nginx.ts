/** Debian's nginx with the documented server block, in front of a station on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { block } from './documented.ts';

/** A block is changed in these places alone; @throws where one is not there any more. */
function changed(text: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((before, [what, by]) => {
    const after = before.replaceAll(typeof what === 'string' ? what : new RegExp(what, 'g'), by);
    if (after === before) throw new Error(`the nginx block of docs/self-hosting.md has no ${what}`);
    return after;
  }, text);
}

/**
 * Starts nginx; it listens some moments later.
 * @param directory its own, for its configuration and what it buffers
 * @param site `path` begins and ends with a slash; `pem` is a file of certificate and key; `crowd` is how many are expected at once
 */
export async function startNginx(
  directory: string,
  site: {
    readonly port: number;
    readonly station: number;
    readonly path: string;
    readonly pem: string;
    readonly crowd: number;
  },
): Promise<ChildProcess> {
  const server = changed(await block('nginx'), [
    ['listen 443 ssl', `listen 127.0.0.1:${site.port} ssl`],
    ['127.0.0.1:8080', `127.0.0.1:${site.station}`],
    ['location /', `location ${site.path}`],
    [/\/etc\/letsencrypt\/\S+\.pem/, site.pem],
  ]);
  const buffers = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${directory}/${kind};`,
  );
  // As the page says: more than twice the crowd.
  const connections = 2 * site.crowd + 200;
  const file = join(directory, 'nginx.conf');
  await writeFile(
    file,
    `pid ${directory}/nginx.pid; error_log stderr crit; daemon off; worker_rlimit_nofile ${connections + 100};
     events { worker_connections ${connections}; }
     http { access_log off; ${buffers.join(' ')}
     ${server} }`,
  );
  // Started by root its worker is somebody else, who buffers in here.
  await chmod(directory, 0o711);
  return spawn('nginx', ['-c', file, '-p', directory], { stdio: ['ignore', 'ignore', 'inherit'] });
}
