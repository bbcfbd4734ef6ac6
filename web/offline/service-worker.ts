/** Between page and network: see kept.ts. It stays out of what is asked of other places, of what changes something, and of what is timed. */
import { chosen } from '../language/choose.ts';
import { offline } from './kept.ts';

/** The types of the Service Worker API (W3C) that this file uses; those of the page do not have them. */
type LaterEvent = Event & { waitUntil(work: Promise<unknown>): void };
type AskedEvent = LaterEvent & { readonly request: Request; respondWith(answer: Promise<Response>): void };
const worker = self as unknown as {
  addEventListener(type: 'install', listener: (event: LaterEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: AskedEvent) => void): void;
  skipWaiting(): Promise<void>;
};

/** To be counted up where what was kept before cannot be used any more. */
const KEPT = 'pianola-1';

const { fill, answer } = offline(
  () => caches.open(KEPT),
  (request) => fetch(request),
  // It lies where the site does.
  new URL('.', location.href).href.replace(/\/$/, ''),
  chosen(navigator.languages),
);
worker.addEventListener('install', (event) => event.waitUntil(fill().then(() => worker.skipWaiting())));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.endsWith('/clock')) return;
  event.respondWith(answer(request, (work) => event.waitUntil(work)));
});
