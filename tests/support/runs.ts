/** How often a property is tried that takes long: less often where a thousand mutants are each to be tried by it (`npm run mutate`). */
export const runs = (usual: number): number => (process.env.PIANOLA_MUTATED ? Math.ceil(usual / 10) : usual);
