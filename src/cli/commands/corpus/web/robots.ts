/** What a site lets a collector fetch: robots.txt as RFC 9309 has it, and the crawl delay that many write beside it. */

export type Robots = {
  /** @param path with its query, as it is asked for */
  allows(path: string): boolean;
  /** Seconds between requests that the site asks for; 0: it says nothing. */
  readonly delayS: number;
};

export const ALLOWED: Robots = { allows: () => true, delayS: 0 };
/** Where nobody can be asked what is allowed, nothing is (RFC 9309, 2.3.1.4). */
export const FORBIDDEN: Robots = { allows: () => false, delayS: 0 };

/** A site that asks for more is asked once in so long. */
const LONGEST_DELAY_S = 300;
/** RFC 9309 has readers take 500 KiB at least. */
export const MOST_ROBOTS_BYTES = 512_000;

type Rule = { readonly allow: boolean; readonly path: string };
type Group = { readonly agents: string[]; readonly rules: Rule[]; delayS: number };

/** @param agent the name of the collector, in lower case: groups that name it go before those of all */
export function parseRobots(text: string, agent: string): Robots {
  const groups = groupsIn(text);
  const own = groups.filter(({ agents }) => agents.some((name) => name !== '*' && agent.startsWith(name)));
  const mine = own.length > 0 ? own : groups.filter(({ agents }) => agents.includes('*'));
  const rules = mine.flatMap((group) => group.rules);
  return {
    allows(path) {
      const matching = rules.filter((rule) => matches(rule.path, path));
      const longest = Math.max(-1, ...matching.map((rule) => rule.path.length));
      const last = matching.filter((rule) => rule.path.length === longest);
      // Of two that are as long, the one that allows.
      return last.length === 0 || last.some(({ allow }) => allow);
    },
    delayS: Math.min(LONGEST_DELAY_S, Math.max(0, ...mine.map(({ delayS }) => delayS))),
  };
}

function groupsIn(text: string): Group[] {
  const groups: Group[] = [];
  let isNaming = false;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*:\s*([^#]*)/.exec(line) ?? [];
    const bare = value.trim();
    if (/^user-agent$/i.test(key)) {
      if (!isNaming) groups.push({ agents: [], rules: [], delayS: 0 });
      groups.at(-1)!.agents.push(bare.toLowerCase());
      isNaming = true;
      continue;
    }
    const group = groups.at(-1);
    if (!group || key === '') continue;
    if (/^(dis)?allow$/i.test(key)) {
      isNaming = false;
      if (bare !== '') group.rules.push({ allow: /^allow$/i.test(key), path: bare });
    } else if (/^crawl-delay$/i.test(key)) {
      isNaming = false;
      const seconds = Number(bare);
      if (seconds > 0) group.delayS = seconds;
    }
  }
  return groups;
}

/** `*` is anything, `$` at the end is the end. No expression is made of it: others wrote it. */
function matches(rule: string, path: string): boolean {
  const isWhole = rule.endsWith('$');
  const [first = '', ...parts] = (isWhole ? rule.slice(0, -1) : rule).split('*').map(decoded);
  const whole = decoded(path);
  if (!whole.startsWith(first)) return false;
  let at = first.length;
  for (const [i, part] of parts.entries()) {
    if (isWhole && i === parts.length - 1) return whole.length - part.length >= at && whole.endsWith(part);
    const found = whole.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return !isWhole || at === whole.length;
}

const decoded = (path: string): string => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};
