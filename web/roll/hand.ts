/** A hand on the paper: it draws it, presses on a hole, and comes nearer with two fingers or the wheel. */

/** Less than this is a press, not a pull; CSS pixels. */
const STILL_PX = 5;
/** A turn of the wheel by so many pixels is the whole way from the whole roll to the nearest. */
const WHEEL_PX = 1_200;
/** Two fingers that far apart, as a factor of where they began, are the whole way; log scale. */
const PINCH_FACTOR = 12;
/** Browsers tell of turns in lines or pages too (DOM's deltaMode); pixels each. */
const DELTA_PX = [1, 16, 400] as const;

export type Point = { readonly x: number; readonly y: number };
export type Hand = {
  /** The paper is held at a point. */
  hold(at: Point): void;
  /** The point has moved, at a time (ms, as of `performance.now`). */
  pull(at: Point, atMs: number): void;
  /** The hand has let go. @param pressed it never moved */
  letGo(at: Point, pressed: boolean): void;
  /** Nearer by so much of the whole way, −1 to 1, around a point. */
  nearer(by: number, at: Point): void;
  /** The paper is pushed along by so many pixels, by a wheel that turns sideways. */
  push(byPx: number): void;
};

/** @param signal takes the hand off for good */
export function onHand(canvas: HTMLElement, hand: Hand, signal: AbortSignal): void {
  const fingers = new Map<number, Point>();
  let from: Point | null = null;
  let moved = false;
  let apart = 0;
  const pointOf = ({ offsetX: x, offsetY: y }: MouseEvent): Point => ({ x, y });
  const distance = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const middle = (): Point => {
    const all = [...fingers.values()];
    const mean = (of: (point: Point) => number) => all.reduce((sum, p) => sum + of(p), 0) / all.length;
    return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  };

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, pointOf(event));
      if (fingers.size === 1) {
        from = pointOf(event);
        moved = false;
        hand.hold(from);
      } else {
        // Two fingers turn from pulling to coming nearer.
        moved = true;
        apart = distance();
      }
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (!fingers.has(event.pointerId) || !from) return;
      fingers.set(event.pointerId, pointOf(event));
      if (fingers.size > 1) {
        const now = distance();
        if (apart > 0 && now > 0) hand.nearer(Math.log(now / apart) / Math.log(PINCH_FACTOR), middle());
        apart = now;
        return;
      }
      moved ||= Math.abs(event.offsetX - from.x) > STILL_PX;
      if (moved) hand.pull(pointOf(event), event.timeStamp);
    },
    { signal },
  );
  const end = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId) || !from) return;
    if (fingers.size > 0) {
      apart = distance();
      return;
    }
    from = null;
    hand.letGo(pointOf(event), !moved && event.type === 'pointerup');
  };
  canvas.addEventListener('pointerup', end, { signal });
  canvas.addEventListener('pointercancel', end, { signal });
  canvas.addEventListener(
    'wheel',
    (event) => {
      const unit = DELTA_PX[event.deltaMode as 0 | 1 | 2] ?? 1;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        hand.push(event.deltaX * unit);
        // A page that scrolls keeps its wheel, until somebody has taken hold of the paper; a pinch on a pad is a turn with Ctrl.
      } else if (event.ctrlKey || document.activeElement === canvas) {
        event.preventDefault();
        const by = (event.deltaY * unit * (event.ctrlKey ? 4 : 1)) / WHEEL_PX;
        hand.nearer(-by, pointOf(event));
      }
    },
    { passive: false, signal },
  );
}
