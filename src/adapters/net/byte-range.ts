/**
 * Which bytes of a file a `Range` asks for (RFC 9110, 14). `whole`: none, or nothing that has to be understood: another
 * unit, several ranges, a last byte before the first. Positions are inclusive, from 0.
 */
export function byteRange(
  header: string | undefined,
  size: number,
): 'whole' | 'unsatisfiable' | { readonly first: number; readonly last: number } {
  // Fifteen digits are exact in a number.
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'whole';
  if (from === '') {
    const last = Math.min(Number(to), size);
    return last === 0 ? 'unsatisfiable' : { first: size - last, last: size - 1 };
  }
  if (to !== '' && Number(to) < Number(from)) return 'whole';
  if (Number(from) >= size) return 'unsatisfiable';
  return { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
