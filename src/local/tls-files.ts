/** A certificate in files, which somebody renews while the station runs. */
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Tls } from '../adapters/net/edge-server.ts';
import { causesOf } from '../errors.ts';
import type { Log } from '../ports.ts';

/** Paths of PEM files: the chain, the station's own certificate first, and its key. */
export type TlsFiles = { readonly cert: string; readonly key: string };

/** How often the files are looked at, milliseconds: certificates are renewed weeks before they end. */
const LOOK_MS = 30_000;

/** @throws Error that names the files, where they cannot be read or do not belong together */
export async function readTls({ cert, key }: TlsFiles): Promise<Tls> {
  try {
    const tls = { cert: await readFile(cert), key: await readFile(key) };
    createSecureContext(tls);
    return tls;
  } catch (cause) {
    throw new Error(`${cert} and ${key} are no certificate with its key`, { cause });
  }
}

/**
 * Hands over the certificate whenever its files have changed. Half of a renewal, or what does not fit, changes nothing:
 * it is logged once, and looked at again.
 * @returns how to end it
 */
export function watchTls(
  files: TlsFiles,
  { renew, log, everyMs = LOOK_MS }: { renew(tls: Tls): void; readonly log: Log; readonly everyMs?: number },
): () => void {
  const stamp = async () => {
    const [cert, key] = await Promise.all([stat(files.cert), stat(files.key)]);
    return `${cert.mtimeMs} ${cert.size} ${cert.ino} ${key.mtimeMs} ${key.size} ${key.ino}`;
  };
  let before = stamp().catch(() => '');
  let told = '';
  const look = async () => {
    try {
      const now = await stamp();
      if (now === (await before)) return;
      renew(await readTls(files));
      before = Promise.resolve(now);
      told = '';
      log('tls.renewed', { cert: files.cert });
    } catch (error) {
      const reason = causesOf(error);
      if (reason !== told) log('tls.not_renewed', { reason });
      told = reason;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
