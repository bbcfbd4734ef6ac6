/** A part of a processor for this process, as Lambda gives it by memory: a quota of the kernel's control groups (Linux, as root). */
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The kernel's own period (Documentation/scheduler/sched-bwc.rst), microseconds. */
const PERIOD_US = 100_000;

type Groups = {
  readonly root: string;
  /** In a group of it, what to write where, in this order. */
  limit(quotaUs: number): readonly (readonly [file: string, text: string])[];
};
/** Version 1, where a controller has a tree of its own, and version 2, where it has to be passed down. */
const VERSION_1: Groups = {
  root: '/sys/fs/cgroup/cpu',
  limit: (quotaUs) => [
    ['cpu.cfs_period_us', String(PERIOD_US)],
    ['cpu.cfs_quota_us', String(quotaUs)],
  ],
};
const VERSION_2: Groups = {
  root: '/sys/fs/cgroup',
  limit: (quotaUs) => [
    ['../cgroup.subtree_control', '+cpu'],
    ['cpu.max', `${quotaUs} ${PERIOD_US}`],
  ],
};

/**
 * Does some work with so much of a processor, all threads of this process together, and gives it all of them back.
 * @param part of one processor, above 0
 * @returns what the work gives, or why the kernel did not let it be limited
 */
export async function withQuota<T>(
  part: number,
  work: () => Promise<T>,
): Promise<{ readonly done: T } | { readonly why: string }> {
  const isOne = await readFile(join(VERSION_1.root, 'cpu.cfs_period_us')).catch(() => null);
  const { root, limit } = isOne ? VERSION_1 : VERSION_2;
  const group = join(root, `pianola-bench-${process.pid}`);
  const enter = (directory: string) => writeFile(join(directory, 'cgroup.procs'), String(process.pid));
  try {
    await mkdir(group);
    for (const [file, text] of limit(Math.round(part * PERIOD_US))) await writeFile(join(group, file), text);
    await enter(group);
  } catch (error) {
    await rmdir(group).catch(() => {});
    return { why: `no quota could be set: ${(error as Error).message}` };
  }
  try {
    return { done: await work() };
  } finally {
    await enter(root);
    await rmdir(group);
  }
}
