/** What a command leaves open, to be closed when it has ended. */
const open: (() => void)[] = [];

export const atEnd = (close: () => void): void => void open.push(close);

export function closeAll(): void {
  for (const close of open.splice(0)) close();
}
