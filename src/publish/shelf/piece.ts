/** A piece on the shelf, and the site that it is from: what its pages say of it. Texts are of others, and anything may be in them. */

export type ShelfPiece = {
  /** 16 hex digits of the sha256 of its bytes; its file and its link are called so. */
  readonly id: string;
  /** What its file was called, without the extension. */
  readonly name: string;
  /** What the file says it is; '' where it says nothing. */
  readonly title: string;
  /** Where it was, http or https; null: that was not written down. */
  readonly url: string | null;
  /** The day it was collected, `YYYY-MM-DD`; null: that was not written down. */
  readonly captured: string | null;
  readonly seconds: number;
  readonly programs: number;
  readonly hasPercussion: boolean;
  readonly hasWords: boolean;
};

export type ShelfSite = {
  /** Of its address on the shelf: lower-case letters, digits and hyphens. */
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  /** Its own words, as they stood there; null: none were found. */
  readonly rights: string | null;
  readonly pieces: readonly ShelfPiece[];
};

/** Pieces on a page: half a thousand are found by scrolling, and load in a moment. */
export const PIECES_A_PAGE = 400;

export const pagesOf = ({ pieces }: ShelfSite): number =>
  Math.max(1, Math.ceil(pieces.length / PIECES_A_PAGE));

/** @param page from 1 */
export const pathOf = ({ slug }: Pick<ShelfSite, 'slug'>, page = 1): string =>
  `/shelf/${slug}/${page === 1 ? '' : `${page}/`}`;

export const midiPath = (id: string): string => `shelf/midi/${id}.mid`;

/** Others' text as it can be shown: without what commands, or turns the line around. */
export const shownText = (text: string): string =>
  text
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/\p{Bidi_Control}/gu, '')
    .trim();

/** An address that a link may lead to; null for any other text. */
export function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null;
}

/** What an instance of it is called in the address; two sites that would share one are told apart by whoever asks. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '') || 'site';
