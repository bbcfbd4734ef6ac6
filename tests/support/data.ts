import { type Data, openStores } from '../../src/local/data.ts';

/** The stores of a data directory for a moment, as another process would open them. */
export async function withStores<T>(directory: string, work: (stores: Data) => Promise<T> | T): Promise<T> {
  const stores = openStores(directory);
  try {
    return await work(stores);
  } finally {
    stores.close();
  }
}
