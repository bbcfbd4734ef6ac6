/** Lets the page be opened without a network; once everything else is there, as nobody waits for it. */
import { ROOT } from '../site/root.ts';

export function stayOffline(window: Window): void {
  // Absent where the page comes by plain HTTP from another machine.
  const { serviceWorker } = window.navigator as Partial<Navigator>;
  if (!serviceWorker) return;
  const register = () => void serviceWorker.register(`${ROOT}/service-worker.js`).catch(() => {});
  if (window.document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}
