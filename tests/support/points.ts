/**
 * The await points at which something dies: each third of 1 to `total`, from the first, second or third on, as tests that are
 * alike begin at different ones and so meet them all between them. Every one where PIANOLA_EVERY is set (`npm run test:every`).
 */
export function pointsUpTo(total: number, first: number): readonly number[] {
  const all = Array.from({ length: total }, (_, i) => i + 1);
  return process.env.PIANOLA_EVERY ? all : all.filter((n) => n % 3 === first % 3);
}
