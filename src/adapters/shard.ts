import { hash } from 'node:crypto';

/** The shard of a connection, 0 to `shards` − 1: the same for ever, and all alike in size. */
export const shardOf = (connectionId: string, shards: number): number =>
  hash('sha256', connectionId, 'buffer').readUInt32BE(0) % shards;
