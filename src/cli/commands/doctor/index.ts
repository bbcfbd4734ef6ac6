import { type Command, InvalidArgumentError } from 'commander';
import { placeOf } from '../../place/place.ts';
import { examples } from '../../terminal/help.ts';
import { DEFAULT_DATA, portOption } from '../../terminal/options.ts';
import { EXIT, lineOf, printJson, printLine } from '../../terminal/output.ts';

type Options = { data: string; stage?: string; port: number; model?: string; ntp: string; json?: boolean };
const DEFAULT_PORT = 8080;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Check what a station needs; every row says ok, warning or failed, and what to do')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of this machine')
    .option('--port <n>', 'the port that the page would take', portOption, DEFAULT_PORT)
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option('--ntp <host>', 'time server to compare the clock with, or none', hostOption, 'pool.ntp.org')
    .option('--json', 'print one JSON object a row: {"check", "state", "detail", "remedy"}')
    .addHelpText('before', examples('doctor', 'doctor --ntp none --json', 'doctor --stage prod'))
    .action(run);
}

async function run(options: Options): Promise<void> {
  const checks = await placeOf(options).either(
    async () => (await import('./local-checks.ts')).localChecks(options),
    async (stage) => (await import('./stage-checks.ts')).stageChecks(stage),
  );
  let worst = 'ok';
  for (const [check, run] of checks) {
    // A check that cannot be made is a finding, and the next is made.
    const row = await run().catch((error: unknown) => ({
      state: 'failed' as const,
      detail: lineOf(error),
      remedy: 'mend that, and ask again',
    }));
    const finding = { check, ...row };
    if (finding.state === 'failed') worst = 'failed';
    if (options.json) printJson(finding);
    else {
      const remedy = finding.remedy === undefined ? '' : `: ${finding.remedy}`;
      printLine(`${finding.state.padEnd(8)} ${check.padEnd(15)} ${finding.detail}${remedy}`);
    }
  }
  if (worst === 'failed') process.exitCode = EXIT.fault;
}

function hostOption(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9.:-]{0,252}[a-z0-9])?$/i.test(text)) {
    throw new InvalidArgumentError('Give the name or address of a time server, or none.');
  }
  return text;
}
