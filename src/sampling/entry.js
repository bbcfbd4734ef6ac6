// What a worker thread begins with where the sources run as they are; in a bundle, the bundle itself is run again.
import { register } from 'tsx/esm/api';

register();
(await import('./worker.ts')).serve();
