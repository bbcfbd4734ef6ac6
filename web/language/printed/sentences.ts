/** What a language says of what stands printed in the pages. */

/**
 * Sentences as they are printed, blanks between words as one, to what they are in the other language. `{}` is a gap: what
 * stands there is read in the same way, and put where the other sentence has its gap, in the same order. `{=}` is a gap for
 * what others have written, which stays as it is.
 */
export type Printed = Readonly<Record<string, string>>;
