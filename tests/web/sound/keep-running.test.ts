import { expect, test } from '@jest/globals';
import { keepRunning, type Stoppable } from '../../../web/sound/keep-running.ts';

function context(state: AudioContextState, refuses = false) {
  const target = new EventTarget() as EventTarget & {
    state: string;
    resumed: number;
    resume(): Promise<void>;
  };
  target.state = state;
  target.resumed = 0;
  target.resume = async () => {
    target.resumed++;
    if (refuses) throw new DOMException('not allowed', 'NotAllowedError');
    target.state = 'running';
  };
  const become = (next: string) => {
    target.state = next;
    target.dispatchEvent(new Event('statechange'));
  };
  return { target, become, stoppable: target as unknown as Stoppable };
}

test('it is asked to run at once, and again after each interruption', () => {
  const { target, become, stoppable } = context('suspended');
  keepRunning(stoppable, new EventTarget());
  expect(target.resumed).toBe(1);
  become('interrupted');
  expect([target.resumed, target.state]).toEqual([2, 'running']);
  become('suspended');
  expect(target.resumed).toBe(3);
});

test('where that is refused, the visitor’s next gesture asks again; one that runs or is closed is left alone', () => {
  const { target, become, stoppable } = context('suspended', true);
  const page = new EventTarget();
  const again = keepRunning(stoppable, page);
  page.dispatchEvent(new Event('pointerdown'));
  page.dispatchEvent(new Event('keydown'));
  again();
  expect(target.resumed).toBe(4);
  become('running');
  become('closed');
  page.dispatchEvent(new Event('pointerdown'));
  expect(target.resumed).toBe(4);
});
