/** What is loaded where a station says that chunks are to be fetched: a bundle of its own. */
export { fetcher } from './fetcher.ts';
export { getFile } from './get-file.ts';
