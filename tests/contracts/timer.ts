import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Timer } from '../../src/ports.ts';

export type OpenedTimer = {
  readonly timer: Timer;
  readonly now: () => number;
  /** Lets time pass. */
  elapse(ms: number): Promise<void>;
  /** What has fired, in order: `<broadcast> <reason>`. */
  readonly fired: readonly string[];
  close(): Promise<void>;
};

const MINUTE = 60_000;
const ID = 'daily@2026-11-21T19:00:00.000Z';

/** What every timer of broadcasts must do. */
export function timerContract(name: string, open: () => Promise<OpenedTimer>): void {
  describe(`${name} wakes broadcasters`, () => {
    let opened: OpenedTimer;
    let timer: Timer;
    beforeEach(async () => {
      opened = await open();
      timer = opened.timer;
    });
    afterEach(() => opened.close());
    const inMinutes = (minutes: number) => opened.now() + minutes * MINUTE;

    test('once, for what it was armed for, and not early', async () => {
      expect(await timer.arm(ID, 'doors', inMinutes(10))).toBe('armed');
      expect(await timer.arm(ID, 'check', inMinutes(16))).toBe('armed');
      await opened.elapse(10 * MINUTE - 1_000);
      expect(opened.fired).toEqual([]);
      await opened.elapse(MINUTE + 1_000);
      expect(opened.fired).toEqual([`${ID} doors`]);
      await opened.elapse(30 * MINUTE);
      expect(opened.fired).toEqual([`${ID} doors`, `${ID} check`]);
    });

    test('arming twice is arming once, each broadcast and each reason by itself', async () => {
      expect(await timer.arm(ID, 'doors', inMinutes(10))).toBe('armed');
      expect(await timer.arm(ID, 'doors', inMinutes(20))).toBe('exists');
      expect(await timer.arm(ID, 'check', inMinutes(10))).toBe('armed');
      expect(await timer.arm('other@2026-11-21T19:00:00.000Z', 'doors', inMinutes(10))).toBe('armed');
      expect(await timer.armed()).toHaveLength(3);
      await opened.elapse(11 * MINUTE);
      expect([...opened.fired].sort()).toEqual([
        ...[`${ID} check`, `${ID} doors`, 'other@2026-11-21T19:00:00.000Z doors'],
      ]);
    });

    test('what has fired is forgotten, and may be armed again', async () => {
      await timer.arm(ID, 'doors', inMinutes(10));
      await opened.elapse(11 * MINUTE);
      expect(await timer.armed()).toEqual([]);
      expect(await timer.arm(ID, 'doors', inMinutes(10))).toBe('armed');
    });

    test('what was disarmed does not fire; disarming what is not there is no fault', async () => {
      await timer.arm(ID, 'doors', inMinutes(10));
      await timer.arm(ID, 'check', inMinutes(16));
      await timer.disarm(ID);
      await timer.disarm(ID);
      await timer.disarm('never there');
      expect(await timer.armed()).toEqual([]);
      await opened.elapse(30 * MINUTE);
      expect(opened.fired).toEqual([]);
    });

    test('what is past already fires within a minute', async () => {
      await timer.arm(ID, 'doors', inMinutes(-1));
      await timer.arm(ID, 'check', inMinutes(-1));
      await opened.elapse(MINUTE);
      expect([...opened.fired].sort()).toEqual([`${ID} check`, `${ID} doors`]);
      expect(await timer.armed()).toEqual([]);
    });
  });
}
