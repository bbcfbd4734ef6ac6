/** The sheet of music, made into pages. */

/**
 * Engraves MusicXML, in the background: it takes some seconds. null: it could not be done, which an operator has been
 * told of; a day is published without its pages then.
 */
export type Engraver = (sheet: SheetToEngrave) => Promise<Engraved | null>;

export type SheetToEngrave = {
  readonly musicXml: string;
  /** Over the first page. */
  readonly title: string;
  /** Under the title, and at the foot of each page. */
  readonly line: string;
  /** How many it has. */
  readonly bars: number;
};

export type Engraved = {
  /** SVG, A4, black on nothing; neither scripts, styles nor fonts are in it. */
  readonly pages: readonly string[];
  /** The same pages. */
  readonly pdf: Uint8Array;
  /** Where each bar stands, in the order in which they are written. */
  readonly bars: readonly BarPlace[];
  /** What the engraver complained of: nothing, for a sheet that is right. */
  readonly warnings: readonly string[];
};

/** Page, from 0; left, top, width and height in parts of its width and height. */
export type BarPlace = {
  readonly page: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
