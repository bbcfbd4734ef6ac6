/** So many within so long, for each of many: a window that slides. */

/** @returns for a key null, and counts it; or the seconds after which it may come again */
export function rateLimit(most: number, withinMs: number, now: () => number): (key: string) => number | null {
  const times = new Map<string, number[]>();
  return (key) => {
    const at = now();
    for (const [other, seen] of times) if (at - seen.at(-1)! >= withinMs) times.delete(other);
    const recent = (times.get(key) ?? []).filter((time) => at - time < withinMs);
    if (recent.length >= most) return Math.ceil((recent[0]! + withinMs - at) / 1000);
    times.set(key, [...recent, at]);
    return null;
  };
}
