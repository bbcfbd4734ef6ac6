/** All that the scripts of /play/ say, in English; the other languages say the same. */

export const english = {
  // Playing oneself.
  nothing: 'Nothing is played yet.',
  goOn: 'Go on.',
  enough: 'When you have played enough, let it go on from there.',
  /** What the visitor's own playing is called where a file has its name. */
  yours: 'What you played',
  midiKeyboard: 'a MIDI keyboard',
  noKeyboard: 'No MIDI keyboard is there; plug one in.',
  listening: (names: string): string => `Listening to ${names}.`,
  noMidi: 'This browser does not let the page listen to MIDI keyboards.',
  /** On the roll, where the visitor's music is. */
  you: 'You',

  // What is sent.
  sent: (name: string): string => `${name} is sent.`,
  /** @param bytes both are numbers, written */
  tooLong: (name: string, bytes: string, most: string): string =>
    `${name} has ${bytes} bytes, and ${most} is the most that is taken`,
  notTaken: (name: string, status: number): string => `${name} was not taken (${status}); try again`,
  /** @param why a sentence without its full stop */
  cannot: (why: string): string => `It cannot be gone on from: ${why}.`,
  unanswered: 'The station does not answer. Your music is still here: try again.',
  /** Of a piece of the shelf without a name. */
  piece: 'piece',
  fetched: 'The piece is fetched from the shelf.',
  notOnShelf: 'The piece is not on the shelf any more.',

  // What becomes of it.
  looking: 'Looking for it.',
  next: 'It is the next.',
  before: (count: number): string => `${count} before you.`,
  composing: (percent: string): string => `Composing: ${percent}.`,
  askedAgain: 'The station does not answer; it is asked again.',
  silent: 'The station does not answer any more. Try again later.',
  gone: 'There is nothing here any more: it was forgotten.',
  failed: 'Composing failed. Try again.',
  notLoaded: 'The music cannot be loaded. Try again.',
  /** @param from minutes and seconds; @param notes "12 notes" */
  done: (movement: string, from: string, notes: string): string =>
    `Done: ${movement} from ${from}, ${notes}.`,

  // What is kept.
  notKept: 'It cannot be kept. Try again.',
  shared: 'Whoever has the link can hear this.',
  copied: 'The link is copied. Whoever has the link can hear this.',
  forgotten: 'It is forgotten.',
  notForgotten: 'The station does not answer: it is not forgotten yet.',
};

export type PlayWords = typeof english;
