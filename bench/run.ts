/** `npm run bench -- NAME --json`: runs one benchmark; with --json its figures are one object on the last line. */
const [name = '', ...rest] = process.argv.slice(2);
if (!/^[a-z]+$/.test(name)) {
  console.error('which one? npm run bench -- cost');
  process.exit(2);
}
const { run } = (await import(`./${name}.ts`)) as { run(): Promise<object> };
const figures = await run();
console.log(rest.includes('--json') ? JSON.stringify(figures) : figures);

export {};
