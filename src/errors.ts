/** What an error of any kind says, for a log or a person. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same, with what each cause says after a colon. */
export const causesOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? `${error.message}: ${causesOf(error.cause)}`
    : messageOf(error);
