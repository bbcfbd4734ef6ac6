/**
 * Browsers slow the timers of hidden tabs down to one a second, or one a minute; those of a Worker they leave
 * alone. This one does nothing but keep time for the page.
 */
self.onmessage = ({ data }: MessageEvent<number>) => {
  setInterval(() => self.postMessage(null), data);
};
