import { partitionOf } from '../harness/generate/partition.ts';
import type { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Receiver } from '../harness/model/flow.ts';

/** Keys that are drawn, so that nearly always some lie in each partition. */
const mostKeys = 60;

/** Keys of a partitioned flow, by partition; a small set of keys may leave some empty. */
export function keysByPartition(build: WorkloadBuilder, to?: Receiver): ReadonlyMap<number, readonly string[]> {
  const partitions = build.flow.partitions ?? 1;
  return Map.groupBy(new Set(build.keys(mostKeys, to)), (key) => partitionOf(key, partitions));
}
