import type { BroadcastRecord, BroadcastRecords } from '../ports.ts';

/**
 * The books of a station, and what was last written into them: read once and remembered, for anybody may ask how a
 * station is as often as they like, and the books grow every evening.
 */
export function newestRecord({ put, list }: Pick<BroadcastRecords, 'put' | 'list'>): {
  readonly put: BroadcastRecords['put'];
  readonly newest: () => Promise<BroadcastRecord | null>;
} {
  let newest: BroadcastRecord | null = null;
  let reading: Promise<void> | null = null;
  const take = (record: BroadcastRecord | undefined): void => {
    if (record && record.startsAt > (newest?.startsAt ?? Number.NEGATIVE_INFINITY)) newest = record;
  };
  return {
    async put(record) {
      await put(record);
      // A record that is put again replaces itself.
      if (record.id === newest?.id) newest = record;
      else take(record);
    },
    async newest() {
      reading ??= list().then(([first]) => take(first));
      await reading.catch((error: unknown) => {
        // Another time there may be something to be read.
        reading = null;
        throw error;
      });
      return newest;
    },
  };
}
