// What the fuzzing thread begins with: the sources run as they are.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
