import Libsql from 'libsql';
import { faultOf } from './database.ts';

/**
 * Keeps a data directory to one station for as long as this process lives. The lock is the operating system's, on a
 * file of its own: it ends with the process, however that ends, so none is ever left behind, and no clock is asked.
 * @returns how to let go; null: another process holds it
 */
export function hold(path: string): (() => void) | null {
  const file = new Libsql(path, { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
    return () => void file.close();
  } catch (error) {
    file.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return null;
    const fault = faultOf(error, path);
    if (fault !== error) throw fault;
    const remedy = 'where no station runs on this data, remove it';
    throw new Error(`${path} cannot be locked: ${remedy}`, { cause: error });
  }
}
