/** Where the names of AWS lead on this machine: an address in a function's environment is replaced where, and only where, it is one of these. */
export type Hosts = ReadonlyMap<string, string>;

/** @param hosts origins of AWS, `https://id.execute-api.eu-central-1.amazonaws.com`, and those that stand for them */
export const placed = (text: string, hosts: Hosts): string => {
  for (const [theirs, ours] of hosts)
    if (text === theirs || text.startsWith(`${theirs}/`)) return ours + text.slice(theirs.length);
  return text;
};
