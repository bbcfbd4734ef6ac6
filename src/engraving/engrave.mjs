/**
 * What the engraver's thread runs: Verovio, compiled to WebAssembly. Plain JavaScript, loaded by Node itself: a loader of
 * TypeScript would take half a minute and a gigabyte over the seven megabytes of the module.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { enableLog, enableLogToBuffer, LOG_WARNING, VerovioToolkit } from 'verovio/esm';
import createVerovioModule from 'verovio/wasm';

const module = await createVerovioModule();
enableLog(LOG_WARNING, module);
enableLogToBuffer(true, module);
const toolkit = new VerovioToolkit(module);
toolkit.setOptions(workerData.options);
const read = toolkit.loadData(workerData.musicXml);
const count = read ? toolkit.getPageCount() : 0;
const pages = Array.from({ length: count }, (_, i) => toolkit.renderToSVG(i + 1));
parentPort.postMessage({ pages, log: toolkit.getLog() });
