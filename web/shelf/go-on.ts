/** The link from a piece to /play/, where the model goes on from it; not there where a station does not. */
import { ROOT } from '../site/root.ts';

let asked: Promise<boolean> | null = null;

export async function leadToPlay(link: HTMLAnchorElement, midi: string, name: string): Promise<void> {
  const play = `${ROOT}/play/`;
  asked ??= fetch(play, { method: 'HEAD' }).then(
    ({ ok }) => ok,
    () => false,
  );
  link.href = `${play}?${new URLSearchParams({ from: midi, name })}`;
  link.hidden = !(await asked);
}
