import { Temporal } from 'temporal-polyfill';

/** Whether this machine's time zone database knows the name. Offsets like `+02:00` are not zones: they know no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The name in the database's own spelling; zones are found in any case. */
export function canonicalCase(name: string): string {
  const wanted = name.toLowerCase();
  return knownZones().find((zone) => zone.toLowerCase() === wanted) ?? name;
}

/** Today's names of zones that ICU still lists under their former ones (tz database, file `backward`). */
const RENAMED = [
  'UTC',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
];
const knownZones = (): readonly string[] => [...RENAMED, ...Intl.supportedValuesOf('timeZone')];

/** The listed zone whose name takes the fewest single-letter changes; its city alone counts too ("Berlin"). */
export function nearestTimeZone(name: string): string {
  const wanted = name.toLowerCase();
  let best = 'UTC';
  let fewest = Number.POSITIVE_INFINITY;
  for (const zone of knownZones()) {
    const full = zone.toLowerCase();
    // A bare city must be nearly right to win over a whole name.
    const city = full.slice(full.lastIndexOf('/') + 1);
    const distance = Math.min(editDistance(wanted, full), editDistance(wanted, city) + 0.5);
    if (distance < fewest) [best, fewest] = [zone, distance];
  }
  return best;
}

/** Levenshtein's distance: the fewest insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, replaced));
    }
    above = row;
  }
  return above[b.length]!;
}

/** So many wrong letters are a slip; more are another word. */
const NEAR = 3;

/** TZ names no zone, or this machine has none. Node would take UTC then, and say nothing. */
class NoTimeZoneError extends Error {
  override readonly name = 'NoTimeZoneError';
  readonly code = 'no_time_zone';
}

/**
 * The zone of this machine, an IANA name.
 * @param tz the TZ of the environment; where it is set; POSIX lets a colon stand before the name
 * @throws NoTimeZoneError
 */
export function machineTimeZone(tz: string | undefined): string {
  if (tz === undefined) {
    const found = Temporal.Now.timeZoneId();
    if (isTimeZone(found)) return found;
    throw new NoTimeZoneError(
      'this machine does not say its time zone: set TZ to an IANA name like Europe/Berlin',
    );
  }
  const name = tz.replace(/^:/, '');
  if (isTimeZone(name)) return canonicalCase(name);
  if (name === '') {
    throw new NoTimeZoneError(
      'TZ is set and empty: set it to an IANA name like Europe/Berlin or UTC, or take it away',
    );
  }
  const nearest = nearestTimeZone(name);
  const like = editDistance(name.toLowerCase(), nearest.toLowerCase()) <= NEAR ? nearest : 'Europe/Berlin';
  throw new NoTimeZoneError(`TZ is "${tz}", which is no IANA time zone: set it to a name like ${like}`);
}
