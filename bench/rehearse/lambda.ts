/** What the others see of Lambda. */

export type Answer =
  | { readonly ok: true; readonly payload: unknown }
  /** `throttled`: no instance was free, and none might be made. */
  | { readonly ok: false; readonly error: string; readonly throttled: boolean };
export type Functions = {
  /** Waits for the answer. @param name as it is called, or its ARN */
  invoke(name: string, event: unknown): Promise<Answer>;
  /** Queues the event; repeats it as the template says, and sends what has failed to its destination. */
  invokeLater(name: string, event: unknown): void;
  /** Ends what is at work on an event now, as a machine does that is lost. @returns how many were */
  kill(name: string): Promise<number>;
  /** Instances at work on something. */
  working(name?: string): number;
  /** What the functions have written, by their names. */
  logs(): Readonly<Record<string, string>>;
  /** How often each was invoked, and how often an invocation failed. */
  readonly told: ReadonlyMap<string, { invoked: number; failed: number; throttled: number }>;
  close(): Promise<void>;
};
