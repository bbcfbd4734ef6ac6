/** The first lines of a command's help. */
export const examples = (...lines: string[]): string =>
  `${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  pianola ${line}\n`).join('')}`;
