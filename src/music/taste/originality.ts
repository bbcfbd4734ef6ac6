/**
 * Which runs of intervals are known from other music: a Bloom filter (Bloom 1970) of all interval n-grams of a corpus.
 * A gram that is in the corpus is always found; one that is not is found by mistake now and then, as often as its maker
 * measured. So a run is never taken for shorter than it is.
 */
export type NgramIndex = {
  /** Length of the grams, intervals. */
  readonly n: number;
  has(hash: GramHash): boolean;
};
/** What is known of other music, and how long a run nine in ten human passages share with it. */
export type Originality = {
  readonly sha256: string;
  readonly longestRun: number;
  readonly index: NgramIndex;
};

/** Two independent 32-bit hashes; all others are sums of these (Kirsch & Mitzenmacher 2006). */
export type GramHash = readonly [number, number];

/** Layout: "PNGI", then n, number of hashes, log2 of the number of bits, 0; then the bits. */
const MAGIC = 0x504e4749;
const HEADER_BYTES = 8;

/** Steps in semitones from each note to the next, in order of onset and pitch: the same in every key. */
export const intervalsOf = (notes: readonly { readonly pitch: number }[]): Int16Array =>
  Int16Array.from({ length: Math.max(0, notes.length - 1) }, (_, i) => notes[i + 1]!.pitch - notes[i]!.pitch);

export function hashOfGram(intervals: ArrayLike<number>, from: number, n: number): GramHash {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = from; i < from + n; i++) {
    const step = intervals[i]! & 0xff;
    // FNV-1a, and a multiplicative hash of Murmur's constants.
    a = Math.imul(a ^ step, 0x01000193);
    b = Math.imul((b ^ step) + 0x52dce729, 0xcc9e2d51);
    b = (b << 15) | (b >>> 17);
  }
  a ^= a >>> 15;
  b ^= b >>> 13;
  return [Math.imul(a, 0x2c1b3c6d) >>> 0, (Math.imul(b, 0x297a2d39) >>> 0) | 1];
}

function* placesOf([a, b]: GramHash, hashes: number, logBits: number): Generator<number> {
  for (let i = 0; i < hashes; i++) yield ((a + Math.imul(i, b)) >>> 0) >>> (32 - logBits);
}

/** @param grams of all of them, how often is of no matter @param logBits the filter has 2^logBits bits, 10 to 31 */
export function buildIndex(
  grams: Iterable<GramHash>,
  n: number,
  hashes: number,
  logBits: number,
): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2 ** logBits / 8);
  new DataView(bytes.buffer).setUint32(0, MAGIC);
  bytes.set([n, hashes, logBits, 0], 4);
  for (const gram of grams) {
    for (const place of placesOf(gram, hashes, logBits))
      bytes[HEADER_BYTES + (place >>> 3)]! |= 1 << (place & 7);
  }
  return bytes;
}

/** What either of two indices knows. @throws Error where they are not alike: other grams, other hashes, another size */
export function withBoth(one: Uint8Array, other: Uint8Array): Uint8Array {
  readIndex(other);
  const alike = one.length === other.length && [4, 5, 6].every((i) => one[i] === other[i]);
  if (!alike) throw new Error('the two indices are of different grams or sizes: make both in the same way');
  return one.map((byte, i) => (i < HEADER_BYTES ? byte : byte | other[i]!));
}

/** @throws Error where the bytes are no index, or not all of one */
export function readIndex(bytes: Uint8Array): NgramIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length >= HEADER_BYTES && view.getUint32(0) === MAGIC;
  const [n = 0, hashes = 0, logBits = 0] = bytes.subarray(4, 7);
  if (!whole || bytes.length !== HEADER_BYTES + 2 ** logBits / 8)
    throw new Error('it is no index of intervals');
  return {
    n,
    has(gram) {
      for (const place of placesOf(gram, hashes, logBits)) {
        if ((bytes[HEADER_BYTES + (place >>> 3)]! & (1 << (place & 7))) === 0) return false;
      }
      return true;
    },
  };
}

/** Length of the longest run of intervals that is known, gram by gram; 0 where no gram is. */
export function longestKnownRun(intervals: ArrayLike<number>, index: NgramIndex): number {
  let run = 0;
  let longest = 0;
  for (let i = 0; i + index.n <= intervals.length; i++) {
    run = index.has(hashOfGram(intervals, i, index.n)) ? run + 1 : 0;
    if (run > 0) longest = Math.max(longest, run + index.n - 1);
  }
  return longest;
}
