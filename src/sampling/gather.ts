/**
 * Serves calls together: those made in the same turn of the event loop, and while others are served, up to `most` at
 * once, first come, first served. Whoever is answered has a turn to ask again and be served with the rest.
 * @param serve answers in the order of the calls; where it throws, all of them fail with that
 */
export function gather<Call, Answer>(
  most: number,
  serve: (calls: readonly Call[]) => Promise<readonly Answer[]>,
): (call: Call) => Promise<Answer> {
  type Waiting = { readonly call: Call; answer(answer: Answer): void; fail(cause: unknown): void };
  const waiting: Waiting[] = [];
  let serving = false;

  async function serveAll(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.splice(0, most);
      try {
        const answers = await serve(some.map(({ call }) => call));
        some.forEach(({ answer }, i) => {
          answer(answers[i]!);
        });
      } catch (cause) {
        for (const { fail } of some) fail(cause);
      }
      await turn();
    }
    serving = false;
  }

  return (call) =>
    new Promise<Answer>((answer, fail) => {
      waiting.push({ call, answer, fail });
      if (serving) return;
      serving = true;
      void turn().then(serveAll);
    });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
