import { readFile } from 'node:fs/promises';

/** The command by which the station's image is asked whether it is healthy, as its Dockerfile has it. */
export async function healthCheck(): Promise<readonly string[]> {
  const text = await readFile('infra/container/Dockerfile', 'utf8');
  const [, command] = /^HEALTHCHECK .*? CMD (\[.+\])$/m.exec(text) ?? [];
  if (command === undefined) throw new Error('the image has no health check');
  return JSON.parse(command);
}
