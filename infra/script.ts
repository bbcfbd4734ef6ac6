/** Exit codes, as of the `pianola` command. */
export const EXIT = { done: 0, fault: 1, usage: 2, notFound: 3, notAllowed: 4 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Runs a script of the stack; a fault is told with its causes, and without a stack trace. */
export async function script(work: () => Promise<Exit>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    const usage = error instanceof TypeError && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      console.error(cause.message);
    process.exitCode = usage ? EXIT.usage : EXIT.fault;
  }
}

export const notDeployed = (stage: string, region: string): Exit => {
  console.error(`nothing is deployed as pianola-${stage} in ${region}: check --stage and --region`);
  return EXIT.notFound;
};
