/** The elements that the live page's script writes to. Texts go through textContent alone. */
import { words } from '../language/words.ts';
import type { StateName } from './facts.ts';
import type { PageState } from './page-state.ts';

export type Controls = {
  readonly joined: boolean;
  readonly muted: boolean;
  readonly connection: string;
  /** How the connection is, for the foot of the page. */
  readonly line: string;
  /** The last roll plays. */
  readonly hearing: boolean;
  /** Notifications may still be asked for. */
  readonly canNotify: boolean;
};

/** States in which nothing plays yet: the sound may be tried. */
const BEFORE: ReadonlySet<StateName> = new Set([
  'composing',
  'waiting',
  'ended',
  'silent',
  'stopped',
  'doors',
  'leader',
]);

export function openView(document: Document) {
  // What a smaller document leaves out, as the embed does, is made and written to all the same, and never seen.
  const find = <T extends HTMLElement>(id: string, tag = 'div'): T =>
    (document.getElementById(id) ?? document.createElement(tag)) as T;
  const texts = ['kicker', 'title', 'subtitle', 'countdown', 'elapsed', 'status'] as const;
  const elements = new Map(texts.map((id) => [id, find(id)]));
  const will = ['title', 'zone', 'countdown'] as const;
  const willElements = new Map(will.map((id) => [id, find(`will-${id}`)]));
  const controls = find('controls');
  const line = find('line');
  const was = find('was');
  const when = find('will');
  const reminders = find('reminders');
  const view = {
    canvas: find<HTMLCanvasElement>('roll'),
    last: find<HTMLCanvasElement>('last'),
    label: find('label'),
    hear: find<HTMLButtonElement>('hear', 'button'),
    seek: find<HTMLInputElement>('seek', 'input'),
    programme: find('programme'),
    link: find<HTMLAnchorElement>('day-link', 'a'),
    time: find('time'),
    join: find<HTMLButtonElement>('join', 'button'),
    notify: find<HTMLButtonElement>('notify', 'button'),
    souvenir: find<HTMLButtonElement>('souvenir', 'button'),
    punch: find<HTMLButtonElement>('punch', 'button'),
    punched: find('punched'),
    margin: find('margin'),
    reload: find<HTMLButtonElement>('reload', 'button'),
    mute: find<HTMLButtonElement>('mute', 'button'),
    volume: find<HTMLInputElement>('volume', 'input'),
    check: find<HTMLButtonElement>('check', 'button'),
    /** What plays: the page's piano, or an instrument by MIDI; and how late that sounds, ms. */
    instrument: find<HTMLSelectElement>('instrument', 'select'),
    latencyMs: find('latency-ms'),
    latencyTold: find('latency-told'),
    latency: find<HTMLInputElement>('latency', 'input'),
    theme: find<HTMLButtonElement>('theme', 'button'),
    week: find('week'),
    strips: find('strips'),
    playWeek: find<HTMLButtonElement>('play-week', 'button'),
  };

  return {
    ...view,
    show(state: PageState, also: Controls): void {
      const { body } = document;
      body.dataset.state = state.name;
      body.dataset.hearing = String(also.hearing);
      if (document.title !== state.tab) document.title = state.tab;
      // Only what changed is written: a status that is written again is read out again.
      for (const [id, element] of elements) write(element, state[id]);
      for (const [id, element] of willElements) write(element, state.will?.[id] ?? '');
      when.hidden = state.will === null;
      was.hidden = state.hear === '';
      view.hear.hidden = state.hear === '';
      write(view.hear, also.hearing ? words.pause : state.hear);
      write(view.join, state.join);
      view.join.hidden = also.joined || !state.canJoin;
      reminders.hidden = !also.joined || state.will === null;
      view.notify.hidden = !also.canNotify;
      view.reload.hidden = state.name !== 'outdated';
      view.check.hidden = !BEFORE.has(state.name) || also.hearing;
      controls.hidden = !also.joined || !state.canJoin;
      view.mute.hidden = controls.hidden;
      write(view.mute, also.muted ? words.muted : words.mute);
      view.mute.setAttribute('aria-pressed', String(also.muted));
      write(line, also.line);
      line.dataset.connection = also.connection;
    },
  };
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
