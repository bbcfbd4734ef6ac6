/**
 * Text of any origin, made fit for a terminal: the one place where this is done. Titles, markers, file names and messages
 * of others may hold escape sequences, or letters that turn the line around.
 */
const COMMANDS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** One line; what a terminal would obey is shown as �. */
export const shown = (text: string): string => text.replace(COMMANDS, '\uFFFD');

/** JSON that means the same, with what a terminal would obey written as \uXXXX. */
export const escaped = (json: string): string =>
  json.replace(COMMANDS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
