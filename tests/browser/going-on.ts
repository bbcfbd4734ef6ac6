/** A station that goes on from visitors' music with a network that needs no training, and a crowd that sends it some. */
import type { Page } from 'playwright-core';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { openContinuing } from '../../src/local/continuing.ts';
import { scoreModel } from '../support/score-model.ts';
import { type TestStation, testStation } from './station.ts';

export type GoingOn = { readonly station: TestStation; end(): Promise<void> };

export async function goingOn(): Promise<GoingOn> {
  const sampler = samplerOf(scoreModel());
  let queue: ReturnType<typeof openContinuing>;
  const station = await testStation(null, undefined, (dataDir) => {
    queue = openContinuing(dataDir, {
      open: async () => ({ sampler, originality: null, release: async () => {} }),
      clock: systemClock,
      log: () => {},
    });
    return queue;
  });
  return {
    station,
    async end() {
      await queue.close();
      await station.end();
    },
  };
}

/** As many uploads at once from a page: how the ticket and the form were answered, and what became of each. */
export const uploadsAtOnce = (page: Page, midi: Uint8Array, count: number): Promise<readonly string[]> =>
  page.evaluate(
    async ([bytes, many]) => {
      const one = async () => {
        const asked = await fetch('/play/asked/ticket', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'a.mid', minutes: 0.5 }),
        });
        const { id, url, fields = {} } = await asked.json();
        const form = new FormData();
        for (const [field, value] of Object.entries(fields)) form.append(field, String(value));
        form.append('file', new Blob([Uint8Array.from(bytes)]), 'a.mid');
        const sent = await fetch(new URL(url, document.baseURI), { method: 'POST', body: form });
        for (;;) {
          const { state } = await (await fetch(`/play/asked/${id}`)).json();
          if (state !== 'queued' && state !== 'composing') return `${asked.status} ${sent.status} ${state}`;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      return Promise.all(Array.from({ length: many }, one));
    },
    [[...midi], count] as const,
  );
