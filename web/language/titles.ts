/** What pieces and movements are called: they are stored in English, "Prelude in G major", and are read out of it. */

export type Titles = {
  /** Names of pieces, in English, to the language's own; what is not here stays as it is. */
  readonly names: Readonly<Record<string, string>>;
  /** @param key "C", "D flat", "F sharp" */
  readonly inKey: (name: string, key: string, major: boolean) => string;
};

const TITLE = /^(.+) in ([A-G](?: flat| sharp)?) (major|minor)$/;

export function titled({ names, inKey }: Titles): (stored: string) => string {
  const named = (name: string) => names[name] ?? name;
  return (stored) => {
    const [, name, key, mode] = TITLE.exec(stored) ?? [];
    return name && key ? inKey(named(name), key, mode === 'major') : named(stored);
  };
}
