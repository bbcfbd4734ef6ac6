/** /shelf/: its pages are whole without this; here they filter, and a piece is heard with its instruments and its words. */
import { karaokeOf } from '../../src/music/midi/karaoke.ts';
import { minutesText } from '../../src/words.ts';
import { said, spokenHere } from '../language/shelf/words.ts';
import { words } from '../language/words.ts';
import { keyboard } from '../page/keyboard.ts';
import { theme } from '../page/theme.ts';
import { ROOT } from '../site/root.ts';
import { filterRows, searchAll } from './find.ts';
import { leadToPlay } from './go-on.ts';
import { player } from './player.ts';
import { rowsOn } from './rows.ts';
import { sungAt } from './words-in-time.ts';

await spokenHere();

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const write = (element: Element, text: string) => {
  if (element.textContent !== text) element.textContent = text;
};

const themeButton = find<HTMLButtonElement>('theme');
themeButton.hidden = false;
theme(themeButton, () => {});

const playerSection = document.getElementById('player');
if (playerSection) begin(playerSection);

function begin(section: HTMLElement): void {
  section.hidden = false;
  const hear = find<HTMLButtonElement>('hear');
  const seek = find<HTMLInputElement>('seek');
  const share = find<HTMLButtonElement>('share');
  const sungWords = find('words');
  const tell = (text: string) => write(find('status'), text);
  /** The piece that is shown: its id, name and link. */
  let shown: { readonly id: string; readonly name: string; readonly link: string } | null = null;

  const play = player({
    onChange(state) {
      section.dataset.state = state.is;
      section.setAttribute('aria-busy', String(state.is === 'loading'));
      hear.disabled = state.is === 'loading' || state.is === 'nothing';
      seek.disabled = hear.disabled;
      write(hear, state.is === 'playing' ? words.pause : words.play);
      if (state.is === 'loading') tell(said.loading(words.percent(state.part)));
      else if (state.is === 'failed') {
        tell(state.why);
        write(find('now'), state.why);
      } else tell(state.is === 'ended' ? words.replayEnded : '');
    },
    onAt(seconds, { ensemble, lines }) {
      seek.max = String(ensemble.seconds);
      seek.value = String(seconds);
      const [ms, ofMs] = [seconds * 1000, ensemble.seconds * 1000];
      write(find('elapsed'), `${minutesText(Math.min(ms, ofMs))} / ${minutesText(ofMs)}`);
      sungWords.hidden = lines.length === 0;
      const { sung, toSing, next } = sungAt(lines, seconds);
      write(sungWords.querySelector('b')!, sung);
      write(sungWords.querySelector('span')!, toSing);
      write(sungWords.querySelector('small')!, next);
    },
    linesOf: karaokeOf,
  });

  /** @param link to the page that the piece is on, with its id */
  function choose(id: string, name: string, link: string): void {
    shown = { id, name, link };
    const midi = `${ROOT}/shelf/midi/${id}.mid`;
    write(find('now'), name);
    const download = find<HTMLAnchorElement>('download');
    Object.assign(download, { href: midi, download: `${name}.mid`, hidden: false });
    share.hidden = false;
    void leadToPlay(find<HTMLAnchorElement>('go-on'), midi, name);
    for (const row of document.querySelectorAll('.pieces li')) {
      if (row.id === id) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
    void play.open(midi);
  }

  const rows = rowsOn(document, choose);
  const search = searchAll(`${ROOT}/shelf/shelf.json`, ROOT);
  filterRows(document, search, rows);

  hear.addEventListener('click', () => play.toggle());
  seek.addEventListener('input', () => play.seek(Number(seek.value)));
  find('random').addEventListener('click', async () => {
    const piece = rows.any(Math.random()) ?? (await search.any(Math.random()));
    if (piece) choose(piece.id, piece.name, piece.link);
    else tell(said.noChoice);
  });
  share.addEventListener('click', async () => {
    if (!shown) return;
    const { name: title, link } = shown;
    const url = new URL(link, location.href).href;
    if (navigator.share) return void navigator.share({ title, url }).catch(() => {});
    const copied = await navigator.clipboard?.writeText(url).then(
      () => true,
      () => false,
    );
    write(find('now'), copied ? said.copied : url);
    tell(copied ? said.copied : url);
  });
  keyboard(document, () => (shown ? { ' ': () => play.toggle() } : {}));
  rows.openLinked();
}
