/** How many connections of each address are open. */

export type PerAddress = {
  readonly of: (address: string) => number;
  enter(address: string): void;
  leave(address: string): void;
};

export function perAddress(): PerAddress {
  const open = new Map<string, number>();
  const of = (address: string) => open.get(address) ?? 0;
  return {
    of,
    enter: (address) => void open.set(address, of(address) + 1),
    leave(address) {
      const left = of(address) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    },
  };
}
