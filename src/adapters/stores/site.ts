import type { Blobs, Site } from '../../ports.ts';
import { sitePath } from '../site-headers.ts';

/** The public files, as a web server serves them. */
export const site = (blobs: Pick<Blobs, 'read' | 'write' | 'replace'>): Site => ({
  get: async (path) => blobs.read(sitePath(path)),
  put: async (path, body) => blobs.write(sitePath(path), body),
  replace: async (path, before, body) => blobs.replace(sitePath(path), before, body),
});
