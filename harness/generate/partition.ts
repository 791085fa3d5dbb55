/**
 * The partition of a key, as nats-server's `partition(n, …)` has it: FNV-1a (32 bit) over the key's bytes, modulo n. For choosing
 * keys only; what lies where is seen on the bus.
 */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % partitions;
}
