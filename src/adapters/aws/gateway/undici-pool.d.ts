// The pool alone: with all of undici (fetch, websocket, cache) a function would weigh a quarter of a megabyte more.
declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici';
}
