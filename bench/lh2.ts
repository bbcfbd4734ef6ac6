import { pathToFileURL, fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { publish } from '../src/publish/publish.ts';
import { launchBrowser } from '../tests/browser/browser.ts';
import { TODAY, testStation } from '../tests/browser/station.ts';
import { freePort } from '../tests/support/free-port.ts';
import { scale } from '../tests/support/music.ts';
const { default: run } = await import(pathToFileURL(fileURLToPath(new URL('lighthouse/node_modules/lighthouse/core/index.js', import.meta.url))).href);
const port = await freePort();
const browser = await launchBrowser([`--remote-debugging-port=${port}`]);
const station = await testStation(scale(120_000));
await publish(TODAY, { ...station, siteUrl: station.url }, { heard: 14, playedAt: null });
for (const path of (process.argv[2] ?? '/').split(',')) for (let i = 0; i < 3; i++) {
  const r = await run(station.url + path, { port, onlyCategories: ['performance'], logLevel: 'error' });
  const a = r.lhr.audits;
  console.log(path, r.lhr.categories.performance.score, ['first-contentful-paint','largest-contentful-paint','total-blocking-time','cumulative-layout-shift'].map((id) => id + ' ' + a[id].displayValue).join('; '));
  if (i === 0) {
    console.log(JSON.stringify(a['long-tasks']?.details?.items)); console.log(JSON.stringify(a['layout-shifts']?.details?.items?.map((x: any) => [x.node?.selector, x.score, x.subItems?.items])));
    console.log(JSON.stringify(a['network-requests'].details.items.map((x: any) => [x.url.slice(-40), Math.round(x.networkRequestTime), Math.round(x.networkEndTime), x.transferSize, x.priority])));
    writeFileSync('/tmp/lh.json', JSON.stringify(r.artifacts.traces?.defaultPass ?? r.artifacts.Trace ?? {}));
  }
}
await browser.close(); await station.end();
