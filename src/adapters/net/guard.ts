/**
 * An event handler at an edge: whatever it throws, or rejects with, goes to `onFault` together with the event, and ends
 * no process. What strangers send meets no handler of ours but through this.
 */
export const guarded =
  <A extends readonly unknown[]>(
    handler: (...event: A) => unknown,
    onFault: (error: unknown, ...event: A) => void,
  ): ((...event: A) => void) =>
  (...event) => {
    try {
      const done = handler(...event);
      if (done instanceof Promise) done.catch((error: unknown) => onFault(error, ...event));
    } catch (error) {
      onFault(error, ...event);
    }
  };
