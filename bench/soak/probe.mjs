// Loaded into a station: writes once a second what its process costs, and whatever would end it, as JSON lines.
import { appendFileSync, readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env.SOAK_PROBE;
const write = (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);
const MB = 1024 * 1024;
/** null: this system does not tell. */
const descriptors = () => {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
};

if (file && isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setInterval(() => {
    const { rss, heapUsed } = process.memoryUsage();
    write({
      descriptors: descriptors(),
      rssMb: rss / MB,
      heapMb: heapUsed / MB,
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMaxMs: delay.max / 1e6,
    });
    delay.reset();
  }, 1000).unref();
  process.on('uncaughtExceptionMonitor', (error, origin) => write({ fault: `${origin}: ${error.stack}` }));
}
