/** A certificate that its owner signed: openssl makes it, as an operator would who has no other yet. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns a file of key and certificate, PEM, in the directory */
export function selfSigned(directory: string, name: string): string {
  const [key, certificate, pem] = ['key', 'crt', 'pem'].map((kind) => join(directory, `${name}.${kind}`));
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '2', '-nodes'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', key!, '-out', certificate!];
  execFileSync('openssl', ['req', '-x509', ...kind, ...about, ...files], { stdio: 'pipe' });
  writeFileSync(pem!, readFileSync(key!, 'utf8') + readFileSync(certificate!, 'utf8'), { mode: 0o600 });
  return pem!;
}
