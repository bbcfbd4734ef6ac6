import type { Blobs } from '../../ports.ts';

/** Blobs in two places, told apart by their names. */
export function splitBlobs(isFirst: (name: string) => boolean, first: Blobs, second: Blobs): Blobs {
  const of = (name: string) => (isFirst(name) ? first : second);
  return {
    describe: (name) => of(name).describe(name),
    read: (name) => of(name).read(name),
    create: (name, body) => of(name).create(name, body),
    write: (name, body) => of(name).write(name, body),
    replace: (name, before, body) => of(name).replace(name, before, body),
    remove: (name) => of(name).remove(name),
    async names(prefix) {
      const [ours, theirs] = await Promise.all([first.names(prefix), second.names(prefix)]);
      return [
        ...ours.filter(({ name }) => isFirst(name)),
        ...theirs.filter(({ name }) => !isFirst(name)),
      ].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
