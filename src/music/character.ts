import type { Note } from './note.ts';

/** Words for what notes sound like, from figures alone: pace, then register. */
export function characterOf(notes: readonly Note[], lengthMs: number): string {
  const perSecond = notes.length / Math.max(1, lengthMs / 1000);
  const pace =
    perSecond < 3
      ? 'Still'
      : perSecond < 5
        ? 'Calm'
        : perSecond < 8
          ? 'Flowing'
          : perSecond < 12
            ? 'Lively'
            : 'Rushing';
  const meanPitch = notes.reduce((sum, note) => sum + note.pitch, 0) / Math.max(1, notes.length);
  const register = meanPitch < 54 ? 'low' : meanPitch < 66 ? 'in the middle' : 'high';
  return `${pace}, ${register}`;
}
