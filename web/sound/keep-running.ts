/** The part of an AudioContext that may stop by another's will. Safari's "interrupted" is a telephone call, or Siri. */
export type Stoppable = EventTarget & {
  readonly state: AudioContextState;
  resume(): Promise<void>;
};

const GESTURES = ['pointerdown', 'keydown'];

/**
 * Asks the audio clock to run, and to run again whenever it has stopped: at once, and, as some browsers refuse that,
 * at the visitor's next gesture.
 */
export function keepRunning(context: Stoppable, page: EventTarget): () => void {
  const resume = () => {
    if (context.state === 'running' || context.state === 'closed') return;
    // A refusal is no fault: the next occasion will do.
    context.resume().catch(() => {});
  };
  context.addEventListener('statechange', resume);
  for (const gesture of GESTURES) page.addEventListener(gesture, resume);
  resume();
  return resume;
}
