import type { PageState, StateName } from './page-state.ts';

/** The elements that the page's script writes to. Texts go through textContent alone. */
export type View = {
  readonly canvas: HTMLCanvasElement;
  readonly join: HTMLButtonElement;
  readonly reload: HTMLButtonElement;
  readonly mute: HTMLButtonElement;
  readonly volume: HTMLInputElement;
  readonly check: HTMLButtonElement;
  /** What plays: the page's piano, or an instrument by MIDI; and how long that takes to sound, ms. */
  readonly instrument: HTMLSelectElement;
  readonly latencyField: HTMLElement;
  readonly latency: HTMLInputElement;
  readonly theme: HTMLButtonElement;
  readonly archive: HTMLDetailsElement;
  show(state: PageState, also: Controls): void;
};

export type Controls = {
  readonly joined: boolean;
  readonly muted: boolean;
  readonly connection: string;
  /** How the connection is, for the foot of the page. */
  readonly line: string;
};

/** States in which nothing plays yet: the sound may be tried. */
const BEFORE: ReadonlySet<StateName> = new Set(['waiting', 'doors', 'leader']);

export function openView(document: Document): View {
  const find = <T extends HTMLElement>(id: string): T => {
    const element = document.getElementById(id);
    if (!element) throw new Error(`the page has no #${id}`);
    return element as T;
  };
  const texts = ['kicker', 'title', 'subtitle', 'countdown', 'elapsed', 'status'] as const;
  const elements = new Map(texts.map((id) => [id, find(id)]));
  const controls = find('controls');
  const line = find('line');
  const view = {
    canvas: find<HTMLCanvasElement>('roll'),
    join: find<HTMLButtonElement>('join'),
    reload: find<HTMLButtonElement>('reload'),
    mute: find<HTMLButtonElement>('mute'),
    volume: find<HTMLInputElement>('volume'),
    check: find<HTMLButtonElement>('check'),
    instrument: find<HTMLSelectElement>('instrument'),
    latencyField: find('latency-field'),
    latency: find<HTMLInputElement>('latency'),
    theme: find<HTMLButtonElement>('theme'),
    archive: find<HTMLDetailsElement>('archive'),
  };

  return {
    ...view,
    show(state, also) {
      document.body.dataset.state = state.name;
      // Only what changed is written: a status that is written again is read out again.
      for (const [id, element] of elements) write(element, state[id]);
      view.join.hidden = also.joined || !state.canJoin;
      view.reload.hidden = state.name !== 'outdated';
      view.check.hidden = !BEFORE.has(state.name);
      controls.hidden = !also.joined || !state.canJoin;
      write(view.mute, also.muted ? 'Muted' : 'Mute');
      view.mute.setAttribute('aria-pressed', String(also.muted));
      write(line, also.line);
      line.dataset.connection = also.connection;
    },
  };
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
