/** Verovio's pages as trees: a reader for the few kinds of XML that it writes, and no other. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Text right inside it. */
  readonly text: string;
};

type Open = { name: string; attributes: Record<string, string>; children: Open[]; text: string };

const TAG = /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name]!);

/** @returns the outermost element @throws RangeError where elements are not closed in order */
export function parsePage(svg: string): Element {
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, closing, name, attributes = '', empty, text] of svg.matchAll(TAG)) {
    const top = open.at(-1)!;
    if (name === undefined) {
      if (text!.trim() !== '') top.text += plain(text!);
    } else if (closing) {
      if (top.name !== name) throw new RangeError(`</${name}> where </${top.name}> should be`);
      open.pop();
    } else {
      const element: Open = { name, attributes: {}, children: [], text: '' };
      for (const [, key, value] of attributes.matchAll(ATTRIBUTE)) element.attributes[key!] = plain(value!);
      top.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length > 1 || !root.children[0]) throw new RangeError(`<${open.at(-1)!.name}> is not closed`);
  return root.children[0];
}

/** Whether an element has a class. */
export const isA = ({ attributes }: Element, name: string): boolean =>
  (attributes.class ?? '').split(' ').includes(name);

/** All that is inside an element, itself first. */
export function* within(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* within(child);
}

/** Width and height of what is drawn, in the units that it is drawn in. */
export function sizeOf(page: Element): { readonly width: number; readonly height: number } {
  const drawn = page.children.find((child) => child.name === 'svg');
  const [, , width, height] = (drawn?.attributes.viewBox ?? '').split(' ').map(Number);
  if (!width || !height) throw new RangeError('a page without a size');
  return { width, height };
}
