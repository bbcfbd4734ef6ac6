// Files that take longest begin first, so that at the end no worker waits for another. A machine that has never run them knows no
// durations, and Jest begins the files of most bytes then: one of fifty lines that lives through two hundred evenings came last.
import Sequencer from '@jest/test-sequencer';

/** In parts of paths, from the longest on. */
const LONGEST = [
  'browser/fetched',
  'lambda/packaged',
  'browser/states',
  'attacks/restart',
  'bench/simulate',
  'browser/languages',
  'browser/sound.test',
  'browser/embed',
  'attacks/killed',
  'broadcast/crowd-deaths',
  'attacks/silent-readers',
  'bench/soak',
];
const placeOf = ({ path }) => {
  const place = LONGEST.findIndex((part) => path.includes(part));
  return place < 0 ? LONGEST.length : place;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    const isKnown = usual.some((test) => this.time(test) !== undefined);
    return isKnown ? usual : [...usual].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
