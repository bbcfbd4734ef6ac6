import { ChangedMidiError } from '../../../adapters/performance-record.ts';
import { verify } from '../../../broadcast/verify.ts';
import { type Timeline, timeline } from '../../../music/timeline.ts';
import type { BroadcastRecord } from '../../../ports.ts';
import { minutesText } from '../../../words.ts';
import { type BackendOptions, openBackend } from '../../place/place.ts';
import type { Backend } from '../../place/types.ts';
import { loadMusic, usable } from '../../terminal/options.ts';
import { CliError, printJson, printLine } from '../../terminal/output.ts';

type Options = BackendOptions & { broadcast?: string; json?: boolean };

/** Whether what is stored would send today just what a broadcast sent. */
export async function verifyReplay(dateOrFile: string, options: Options): Promise<void> {
  const backend = await openBackend(options);
  const record = await findRecord(dateOrFile, options, backend);
  const music = await storedMusic(dateOrFile, options, backend);
  const verdict = verify(record, music);
  if (!verdict.equal) {
    throw new CliError(
      'fault',
      'not_verified',
      `${dateOrFile} is not what broadcast ${record.id} sent: chunk ${verdict.seq} (${minutesText(verdict.fromMs)} to ` +
        `${minutesText(verdict.toMs)}) differs; the MIDI was changed since, restore it from a backup or the archive`,
    );
  }
  const { chunks, sha256 } = verdict;
  if (options.json) printJson({ verified: true, broadcast: record.id, chunks, sha256, state: record.state });
  else {
    const part = record.state === 'ended' ? '' : `, as far as it came before it was ${record.state}`;
    printLine(`${dateOrFile} is what broadcast ${record.id} sent${part}: ${chunks} chunks, sha256 ${sha256}`);
  }
}

/** The newest broadcast of a day that sent anything; of a file, the newest of all. */
async function findRecord(
  dateOrFile: string,
  options: Options,
  { records, name }: Backend,
): Promise<BroadcastRecord> {
  if (options.broadcast !== undefined) {
    const record = await records.get(options.broadcast);
    if (record) return record;
    throw new CliError(
      'notFound',
      'no_broadcast',
      `there is no record of broadcast ${options.broadcast} in ${name}`,
    );
  }
  const sent = (await records.list()).filter(({ chunkSha256 }) => chunkSha256.length > 0);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(dateOrFile);
  const record = isDate ? sent.find(({ performance }) => performance === dateOrFile) : sent[0];
  if (record) return record;
  throw new CliError(
    'notFound',
    'no_broadcast',
    `${isDate ? `${dateOrFile} was never` : 'nothing was ever'} broadcast from ${name}, so there is nothing to compare with`,
  );
}

/** Also where the MIDI does not match its record any more: which chunk differs says more than two sums. */
async function storedMusic(dateOrFile: string, options: Options, backend: Backend): Promise<Timeline> {
  try {
    return timeline((await loadMusic(dateOrFile, options.data, backend.performances)).file.music);
  } catch (error) {
    if (!(error instanceof ChangedMidiError)) throw error;
    return timeline(usable(dateOrFile, error.midi).music);
  }
}
