/** Uniform in [0, 1). */
export type Random = () => number;

export const pick = <T>(random: Random, among: readonly T[]): T =>
  among[Math.floor(random() * among.length)]!;
