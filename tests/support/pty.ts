import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BIN } from './cli.ts';

/** Where there is Python, its standard library has pseudo-terminals; npm has none that needs no compiler. */
const PYTHON = `
import fcntl, json, os, pty, select, struct, sys, termios, time
job = json.loads(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(job["env"])
    os.execvp(job["argv"][0], job["argv"])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", job["rows"], job["columns"], 0, 0))
keys = job["keys"]
seen = b""
end = time.time() + job["seconds"]
while time.time() < end:
    if select.select([fd], [], [], 0.05)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    if keys and keys[0]["after"].encode() in seen:
        os.write(fd, keys.pop(0)["press"].encode())
        seen = b""
else:
    os.kill(pid, 9)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 255)
`;

export const hasPty = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;

const MANY = join(import.meta.dirname, 'many.mjs');

/** Runs commands that press no keys, one after another in one process and pseudo-terminal: quicker than a process each. */
export async function manyInPty(
  commands: readonly (readonly string[])[],
): Promise<readonly { code: number; screen: string }[]> {
  const { code, screen } = await inPty([JSON.stringify(commands)], { bin: MANY });
  const parts = screen.split(/\r\n=== (\d+)\r\n/);
  if (code !== 0 || parts.length !== 2 * commands.length + 1)
    throw new Error(`ended with ${code}: ${screen}`);
  return commands.map((_command, i) => ({ screen: parts[2 * i]!, code: Number(parts[2 * i + 1]) }));
}

/** Runs the command in a pseudo-terminal; each key is pressed once its text has been seen. */
export function inPty(
  args: readonly string[],
  options: {
    keys?: readonly { after: string; press: string }[];
    env?: Record<string, string>;
    columns?: number;
    rows?: number;
    bin?: string;
  } = {},
): Promise<{ code: number | null; screen: string }> {
  const { keys = [], env = {}, columns = 100, rows = 30, bin = BIN } = options;
  const job = {
    argv: [process.execPath, bin, ...args],
    env: { TERM: 'xterm-256color', NODE_OPTIONS: '', ...env },
    keys,
    columns,
    rows,
    seconds: 60,
  };
  const child = spawn('python3', ['-c', PYTHON, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, screen })));
}
