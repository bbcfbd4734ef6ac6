import type { Blobs } from '../../ports.ts';

/** Bytes in this process's memory: the plainest reading of their contract. */
export function memoryBlobs(now: () => number = Date.now): Blobs & {
  readonly files: ReadonlyMap<string, Uint8Array>;
} {
  const files = new Map<string, Uint8Array>();
  const writtenAt = new Map<string, number>();
  const put = (name: string, body: Uint8Array | string) => {
    files.set(name, typeof body === 'string' ? new TextEncoder().encode(body) : body.slice());
    writtenAt.set(name, now());
  };
  return {
    files,
    describe: (name) => name,
    read: async (name) => files.get(name) ?? null,
    async create(name, body) {
      if (files.has(name)) return 'exists';
      put(name, body);
      return 'created';
    },
    write: async (name, body) => put(name, body),
    async replace(name, before, body) {
      const there = files.get(name);
      if (before === null ? there : !there || Buffer.compare(there, before) !== 0) return 'changed';
      put(name, body);
      return 'replaced';
    },
    async remove(name) {
      files.delete(name);
    },
    names: async (prefix) =>
      [...files.keys()]
        .filter((name) => name.startsWith(prefix))
        .sort()
        .map((name) => ({ name, writtenAt: writtenAt.get(name)! })),
  };
}
