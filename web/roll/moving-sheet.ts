/** A day's paper while it moves: painted once, and then moved by the compositor alone, with the playhead over it. */

/** Breadth of the playhead's own canvas, CSS pixels: its marks are no larger. */
export const HEAD = 40;

/** Where they lie, CSS pixels from the strip's left edge: the sheet's beginning, and the playhead. */
export type Places = { readonly sheetX: number; readonly headX: number };

export type MovingSheet = {
  /** What was painted, also for a canvas that lies still. */
  readonly painted: HTMLCanvasElement;
  /** Takes over what is on the scratch, so many CSS pixels long and high. */
  take(scratch: OffscreenCanvas, length: number, height: number): void;
  /** The playhead's pen, cleared, in CSS pixels. */
  headPen(height: number, density: number): CanvasRenderingContext2D;
  /** Lays both over the strip, or moves them there. */
  show(places: Places): void;
  /** The strip's own canvas is seen again. */
  hide(): void;
  remove(): void;
};

/** Null where there are no bitmaps to be handed over: then paper is copied on its canvas. */
export function movingSheet(strip: HTMLCanvasElement): MovingSheet | null {
  if (!('OffscreenCanvas' in window)) return null;
  const over = document.createElement('div');
  const [painted, head] = [document.createElement('canvas'), document.createElement('canvas')];
  // Chromium hands a canvas that is drawn on to its compositor with every frame, but a bitmap once.
  const bitmap = painted.getContext('bitmaprenderer');
  const pen = head.getContext('2d');
  if (!bitmap || !pen) return null;
  over.setAttribute('aria-hidden', 'true');
  Object.assign(over.style, { position: 'absolute', overflow: 'hidden', pointerEvents: 'none' });
  // A strip's own canvas is laid out by the page's style; these are as large as they are.
  for (const { style } of [painted, head])
    Object.assign(style, {
      position: 'absolute',
      inset: '0 auto auto 0',
      maxWidth: 'none',
      willChange: 'transform',
    });
  over.append(painted, head);
  let seen = false;
  const move = (canvas: HTMLCanvasElement, x: number) => {
    canvas.style.transform = `translate3d(${x}px, 0, 0)`;
  };
  return {
    painted,
    take(scratch, length, height) {
      Object.assign(painted.style, { width: `${length}px`, height: `${height}px` });
      bitmap.transferFromImageBitmap(scratch.transferToImageBitmap());
    },
    headPen(height, density) {
      const [columns, rows] = [Math.ceil(HEAD * density), Math.max(1, Math.round(height * density))];
      if (head.width !== columns || head.height !== rows) {
        [head.width, head.height] = [columns, rows];
        Object.assign(head.style, { width: `${HEAD}px`, height: `${height}px` });
        pen.setTransform(density, 0, 0, density, 0, 0);
      }
      pen.clearRect(0, 0, HEAD, height);
      return pen;
    },
    show({ sheetX, headX }) {
      if (!seen) {
        seen = true;
        const { offsetLeft, offsetTop, clientLeft, clientTop, clientWidth, clientHeight } = strip;
        Object.assign(over.style, {
          left: `${offsetLeft + clientLeft}px`,
          top: `${offsetTop + clientTop}px`,
          width: `${clientWidth}px`,
          height: `${clientHeight}px`,
        });
        strip.after(over);
      }
      move(painted, sheetX);
      move(head, headX - HEAD / 2);
    },
    hide() {
      if (!seen) return;
      seen = false;
      over.remove();
    },
    remove: () => over.remove(),
  };
}
