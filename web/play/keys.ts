/** 88 keys on the page, for mouse, fingers and computer keys; where one is pressed lower down it is struck harder. */
import { HIGHEST_PITCH, LOWEST_PITCH } from '../../src/music/note.ts';
import { OCTAVES, pitchOfKey } from './computer-keys.ts';

/** Of computer keys, which know no force. */
const PLAIN_VELOCITY = 72;
const SOFTEST = 40;
const LOUDEST = 104;
const BLACK = new Set([1, 3, 6, 8, 10]);

export type Hands = {
  /** @param velocity 1 to 127 */
  strike(pitch: number, velocity: number): void;
  release(pitch: number): void;
};
export type Keys = {
  /** Shows a key as pressed, or not any more, whoever presses it. */
  show(pitch: number, down: boolean): void;
  /** Everything is let go. */
  letGo(): void;
};

/** @param board an element whose keys are made here; it can have the focus */
export function keys(board: HTMLElement, hands: Hands): Keys {
  const made = new Map<number, HTMLElement>();
  for (let pitch = LOWEST_PITCH; pitch <= HIGHEST_PITCH; pitch++) {
    const key = document.createElement('span');
    key.className = BLACK.has(pitch % 12) ? 'black' : 'white';
    key.dataset.pitch = String(pitch);
    made.set(pitch, key);
  }
  board.append(...made.values());
  board.tabIndex = 0;
  /** What each finger, or the mouse, holds; and each computer key. */
  const fingers = new Map<number, number>();
  const letters = new Map<string, number>();
  let octaves = 0;

  const at = ({ clientX, clientY }: PointerEvent): { pitch: number; velocity: number } | null => {
    const key = document.elementFromPoint(clientX, clientY);
    if (!(key instanceof HTMLElement) || key.parentElement !== board) return null;
    const { top, height } = key.getBoundingClientRect();
    const depth = Math.min(1, Math.max(0, (clientY - top) / height));
    return { pitch: Number(key.dataset.pitch), velocity: Math.round(SOFTEST + (LOUDEST - SOFTEST) * depth) };
  };
  const press = (pitch: number, velocity: number) => hands.strike(pitch, velocity);
  const lift = (id: number) => {
    const pitch = fingers.get(id);
    fingers.delete(id);
    if (pitch !== undefined) hands.release(pitch);
  };
  const move = (event: PointerEvent) => {
    const under = at(event);
    if (fingers.get(event.pointerId) === under?.pitch) return;
    lift(event.pointerId);
    if (!under) return;
    fingers.set(event.pointerId, under.pitch);
    press(under.pitch, under.velocity);
  };
  board.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    // A touch is captured by the key it began on: released, so that a finger may slide.
    if (event.target instanceof Element && event.target.hasPointerCapture(event.pointerId))
      event.target.releasePointerCapture(event.pointerId);
    move(event);
  });
  board.addEventListener('pointermove', (event) => {
    if (fingers.has(event.pointerId)) move(event);
  });
  for (const over of ['pointerup', 'pointercancel'] as const)
    window.addEventListener(over, (event) => lift(event.pointerId));

  const letGo = () => {
    for (const id of [...fingers.keys()]) lift(id);
    for (const pitch of letters.values()) hands.release(pitch);
    letters.clear();
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest('input, select, textarea')) return;
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (step !== 0 && document.activeElement === board) {
      letGo();
      octaves = Math.min(OCTAVES[1], Math.max(OCTAVES[0], octaves + step));
      event.preventDefault();
      return;
    }
    const pitch = pitchOfKey(event.code, octaves);
    if (pitch === null) return;
    event.preventDefault();
    if (event.repeat || letters.has(event.code)) return;
    letters.set(event.code, pitch);
    press(pitch, PLAIN_VELOCITY);
  });
  document.addEventListener('keyup', ({ code }) => {
    const pitch = letters.get(code);
    letters.delete(code);
    if (pitch !== undefined) hands.release(pitch);
  });
  window.addEventListener('blur', letGo);

  return { show: (pitch, down) => made.get(pitch)?.classList.toggle('down', down), letGo };
}
