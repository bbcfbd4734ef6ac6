import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTree } from './unzip.ts';

/** A function as Lambda runs it; its answers, or the error that it ended with. */
export type RunningFunction = {
  invoke(
    event: unknown,
    options?: { readonly requestId?: string; readonly timeoutMs?: number },
  ): Promise<unknown>;
  readonly output: () => string;
  /** Most memory that the process had, megabytes; where the system tells. */
  readonly memoryMb: () => Promise<number | null>;
  stop(): Promise<void>;
};

export type FunctionConfig = {
  /** `src/lambda/prepare.handler` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
} & (
  | { readonly files: ReadonlyMap<string, Buffer> }
  /** The root file system of an image, whose own `/usr/bin/node` runs what lies in its /var/task; for root alone. */
  | { readonly image: string }
);

/** A user without any rights, where we may take its place. */
const NOBODY = 65_534;

/** An image as Lambda runs it: nothing but /tmp is written to, and nobody is privileged. */
const ENTER = `set -e
mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
mount -t proc proc "$1/proc"; mount -t tmpfs tmpfs "$1/tmp"; mount --rbind /dev "$1/dev"
root="$1"; shift
exec chroot --userspec=${NOBODY}:${NOBODY} "$root" "$@"`;

/**
 * Unpacks an artefact alone into a read-only directory and runs its handler in a process of its own, under a Runtime
 * API of ours, with no environment but the function's, as an unprivileged user where we are privileged ourselves. Or
 * runs it in an image, in namespaces of its own.
 */
export async function startFunction(config: FunctionConfig): Promise<RunningFunction> {
  const root = 'image' in config ? '/var/task' : await mkdtemp(join(tmpdir(), 'pianola-task-'));
  if ('files' in config) {
    await writeTree(config.files, root);
    await setWritable(root, false);
  }
  let idle: ServerResponse | null = null;
  let waiting: { id: string; event: unknown; deadline: number } | null = null;
  const answers = new Map<string, { resolve(value: unknown): void; reject(error: Error): void }>();
  let initError: Error | null = null;
  let died: Error | null = null;
  let output = '';

  const hand = () => {
    if (!idle || !waiting) return;
    idle
      .writeHead(200, {
        'lambda-runtime-aws-request-id': waiting.id,
        'lambda-runtime-deadline-ms': String(waiting.deadline),
      })
      .end(JSON.stringify(waiting.event));
    [idle, waiting] = [null, null];
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      idle = response;
      return hand();
    }
    response.writeHead(202).end();
    if (path.endsWith('/init/error')) {
      initError = new Error(JSON.parse(body).errorMessage);
      for (const { reject } of answers.values()) reject(initError);
      return;
    }
    const [, asked = '', kind] = /invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    // As any part of a URL: an id with a space comes back otherwise than it was given, and its answer would find nobody.
    const id = decodeURIComponent(asked);
    const answer = answers.get(id);
    answers.delete(id);
    if (kind === 'response') answer?.resolve(JSON.parse(body));
    else answer?.reject(new Error(JSON.parse(body).errorMessage));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const api = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

  const runtime = join(import.meta.dirname, 'runtime.cjs');
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  // The runtime takes about a tenth for itself.
  const args = [`--max-old-space-size=${Math.floor(config.memoryMb * 0.9)}`, '-e', await sourceOf(runtime)];
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', ENTER, 'enter'];
  const [program, all, as] =
    'image' in config
      ? (['unshare', [...namespaces, config.image, '/usr/bin/node', ...args], { cwd: '/' }] as const)
      : ([process.execPath, args, { ...asNobody, cwd: root }] as const);
  const child: ChildProcess = spawn(program, all, {
    ...as,
    env: {
      ...('image' in config && { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }),
      AWS_LAMBDA_RUNTIME_API: api,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
      LAMBDA_TASK_ROOT: root,
      _HANDLER: config.handler,
      AWS_LAMBDA_FUNCTION_NAME: 'packaged',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
      ...config.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void exited.then(() => {
    died = initError ?? new Error(`the function died:\n${output}`);
    for (const { reject } of answers.values()) reject(died);
  });

  return {
    output: () => output,
    async memoryMb() {
      const { readFile } = await import('node:fs/promises');
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
      return kilobytes ? Number(kilobytes) / 1024 : null;
    },
    invoke(event, { requestId = String(Math.random()), timeoutMs = 900_000 } = {}) {
      const gone = initError ?? died;
      if (gone) return Promise.reject(gone);
      return new Promise((resolve, reject) => {
        answers.set(requestId, { resolve, reject });
        waiting = { id: requestId, event, deadline: Date.now() + timeoutMs };
        hand();
      });
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if ('image' in config) return;
      await setWritable(root, true);
      await rm(root, { recursive: true });
    },
  };
}

/** The runtime's text rather than its path: an unprivileged user may not be able to read our own directory. */
async function sourceOf(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8');
}

/** As /var/task: anybody reads, nobody writes. */
async function setWritable(root: string, writable: boolean): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, writable ? 0o755 : 0o555);
    else await chmod(path, 0o444);
  }
  await chmod(root, writable ? 0o755 : 0o555);
}
