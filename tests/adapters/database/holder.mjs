/** Holds a directory until it is killed. */
import { hold } from '../../../src/adapters/database/hold.ts';

process.send(hold(process.argv[2]) ? 'held' : 'refused');
setInterval(() => {}, 1000);
