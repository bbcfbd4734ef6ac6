/**
 * The await points at which something dies: each third of 1 to `total`, from the first, second or third on, as tests that are
 * alike begin at different ones and so meet them all between them. Every one where PIANOLA_EVERY is set (`npm run test:every`),
 * each ninth where a thousand mutants are each to be tried by them (`npm run mutate`).
 */
export function pointsUpTo(total: number, first: number): readonly number[] {
  const stride = process.env.PIANOLA_EVERY ? 1 : process.env.PIANOLA_MUTATED ? 9 : 3;
  return Array.from({ length: total }, (_, i) => i + 1).filter((n) => n % stride === first % stride);
}
