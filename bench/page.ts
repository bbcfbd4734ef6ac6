import { buildPage } from '../src/adapters/net/page-bundle.ts';
import { visit } from './page/requests.ts';
import { BUDGET, weigh } from './page/weigh.ts';

/** What a visitor's browser loads, and from where: `npm run bench -- page --json`; also a part of `npm run size`. */
export async function run(): Promise<object> {
  const assets = await buildPage();
  const weight = weigh(assets);
  const asked = await visit(assets);
  return {
    bench: 'page',
    ...weight,
    ...asked,
    targets: { ...BUDGET, thirdPartyRequests: 0, trackers: 0 },
    met:
      weight.firstLoadKB <= BUDGET.firstLoadKB &&
      weight.pianoMB <= BUDGET.pianoMB &&
      weight.synthesiserKB <= BUDGET.synthesiserKB &&
      weight.soundsMB <= BUDGET.soundsMB &&
      asked.thirdPartyRequests === 0 &&
      asked.trackers === 0,
  };
}
