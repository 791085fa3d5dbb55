import type { Gate } from './gate.ts';

/**
 * Performs jobs, at most `width` (1 or more) at once, in their order, each once the gate lets it in; resolves, or rejects with the first trouble, once none of
 * them runs any more. After a rejection or an abort none begins.
 */
export async function performAll<T>(
  jobs: readonly T[],
  width: number,
  perform: (job: T) => Promise<void>,
  signal: AbortSignal,
  gate?: Gate,
): Promise<void> {
  if (!(width >= 1)) throw new RangeError(`a width is 1 or more: ${String(width)}`);
  const queue = jobs.values();
  const troubles: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const job of queue) {
      if (gate !== undefined) await gate.enter(signal);
      if (troubles.length > 0 || signal.aborted) return;
      try {
        await perform(job);
      } catch (cause) {
        troubles.push(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, worker));
  if (troubles.length > 0) throw troubles[0];
}
