import Libsql from 'libsql';

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
    throw new Error(`${path} cannot be locked`, { cause: error });
  }
}
