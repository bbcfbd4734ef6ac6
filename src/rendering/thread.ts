/** What the renderer's thread does: one file, and it is gone. */
import { parentPort, workerData } from 'node:worker_threads';
import { mp3Of } from './mp3.ts';
import { openGrand } from './piano.ts';
import type { Task, Told } from './task.ts';

/** Told no oftener, milliseconds. */
const TELL_EVERY_MS = 500;

export async function render(): Promise<void> {
  const { midi, piano } = workerData as Task;
  const tell = (told: Told) => parentPort?.postMessage(told);
  let toldAt = 0;
  const sound = await mp3Of(await openGrand(new URL(piano)), midi, (part) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    tell({ part });
  });
  tell({ sound });
}
