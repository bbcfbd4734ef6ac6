/**
 * Preloaded into a process: on SIGUSR2 it takes all descriptors that it can have, but LEFT_DESCRIPTORS. A limit from the beginning
 * would meet Node first, which opens modules side by side, some fifty at a time.
 */
const { closeSync, openSync } = require('node:fs');

process.on('SIGUSR2', () => {
  const taken = [];
  try {
    for (;;) taken.push(openSync('/dev/null'));
  } catch (error) {
    if (error.code !== 'EMFILE') throw error;
  }
  for (const descriptor of taken.splice(-Number(process.env.LEFT_DESCRIPTORS))) closeSync(descriptor);
  console.log('Few descriptors are left.');
});
