/**
 * A directory in one file: tar in the form of POSIX.1-1988 (ustar), which every system unpacks. Regular files alone, and
 * of what is read only what is written here: no links, no devices, no names that lead out. Of an archive of any length one
 * file at a time is in memory.
 */

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** What twelve octal digits less one can say is 8 GiB; nothing here comes near. */
const SIZE_DIGITS = 11;

export type TarEntry = { readonly name: string; readonly body: Uint8Array };

/** @throws RangeError for a name that has no room, or is no plain relative one */
export async function* tarOf(
  entries: Iterable<TarEntry> | AsyncIterable<TarEntry>,
  mtimeS: number,
): AsyncGenerator<Uint8Array> {
  for await (const { name, body } of entries) {
    yield header(name, body.byteLength, mtimeS);
    yield body;
    yield new Uint8Array((BLOCK - (body.byteLength % BLOCK)) % BLOCK);
  }
  yield new Uint8Array(2 * BLOCK);
}

function header(name: string, size: number, mtimeS: number): Uint8Array {
  const [prefix, rest] = split(plainName(name));
  const block = Buffer.alloc(BLOCK);
  block.write(rest, 0);
  block.write('0000600\0', 100);
  block.write('0000000\0'.repeat(2), 108);
  block.write(`${size.toString(8).padStart(SIZE_DIGITS, '0')}\0`, 124);
  block.write(`${Math.floor(mtimeS).toString(8).padStart(SIZE_DIGITS, '0')}\0`, 136);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A long name is cut at a slash. */
function split(name: string): readonly [string, string] {
  if (Buffer.byteLength(name) <= NAME_BYTES) return ['', name];
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= PREFIX_BYTES && Buffer.byteLength(rest) <= NAME_BYTES)
      return [prefix, rest];
  }
  throw new RangeError(`"${name}" is too long a name for an archive`);
}

function plainName(name: string): string {
  const steps = name.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\\]/.test(name) || steps.some((step) => step === '' || step === '.' || step === '..'))
    throw new RangeError(`"${name}" is no name of a file below a directory`);
  return name;
}

/** Of the header's bytes, its own field counted as blanks. */
const checksum = (block: Uint8Array): number =>
  block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);

/** @throws RangeError where it is not what `tarOf` writes, or ends too early */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const take = inLengths(source);
  for (let at = 0; ; ) {
    const block = await take(BLOCK);
    if (block.length < BLOCK) throw new RangeError('the archive ends too early');
    if (block.every((byte) => byte === 0)) break;
    const text = (from: number, length: number) =>
      block.toString('utf8', from, from + length).replace(/\0[\s\S]*$/, '');
    if (Number.parseInt(text(148, 8), 8) !== checksum(block))
      throw new RangeError(`the archive is damaged at byte ${at}`);
    if (text(257, 6) !== 'ustar' || text(156, 1) !== '0')
      throw new RangeError(`at byte ${at} the archive has something else than a file`);
    const prefix = text(345, PREFIX_BYTES);
    const name = plainName(prefix ? `${prefix}/${text(0, NAME_BYTES)}` : text(0, NAME_BYTES));
    const size = Number.parseInt(text(124, SIZE_DIGITS + 1), 8);
    const body = size >= 0 ? await take(size) : null;
    if (body?.length !== size) throw new RangeError(`the archive ends within ${name}`);
    yield { name, body };
    const filled = Math.ceil(size / BLOCK) * BLOCK;
    await take(filled - size);
    at += BLOCK + filled;
  }
  // To its end, where whatever unpacks it may find that it is damaged.
  while ((await take(BLOCK)).length > 0);
}

/** What comes as it comes, given in lengths that are asked for; shorter at its end alone. */
function inLengths(source: AsyncIterable<Uint8Array>): (length: number) => Promise<Buffer> {
  const coming = source[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  return async (length) => {
    const parts: Uint8Array[] = [held];
    for (let has = held.length; has < length; ) {
      const next = await coming.next();
      if (next.done) break;
      parts.push(next.value);
      has += next.value.length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts);
    held = all.subarray(length);
    return all.subarray(0, length);
  };
}
