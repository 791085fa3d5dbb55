import type { Gate } from './gate.ts';

/**
 * Performs jobs, at most `width` (1 or more) at once, in their order, each once the gate lets it in; resolves, or rejects with the first trouble, once none of
 * them runs any more. After a rejection or an abort none begins. With `beyond`, so many more are performed at once while the machine's processors have time to spare.
 */
export async function performAll<T>(
  jobs: readonly T[],
  width: number,
  perform: (job: T) => Promise<void>,
  signal: AbortSignal,
  gate?: Pick<Gate, 'enter' | 'enterBeyond'>,
  beyond = 0,
): Promise<void> {
  if (!(width >= 1)) throw new RangeError(`a width is 1 or more: ${String(width)}`);
  const queue = [...jobs];
  const troubles: unknown[] = [];
  const isOver = (): boolean => queue.length === 0 || troubles.length > 0 || signal.aborted;
  const next = async (): Promise<void> => {
    if (isOver()) return;
    try {
      await perform(queue.shift() as T);
    } catch (cause) {
      troubles.push(cause);
    }
  };
  const worker = async (_: unknown, place: number): Promise<void> => {
    while (!isOver()) {
      const mayBegin = gate === undefined || (await (place < width ? gate.enter(signal) : gate.enterBeyond(signal)));
      if (mayBegin) await next();
    }
  };
  await Promise.all(Array.from({ length: Math.min(width + beyond, jobs.length) }, worker));
  if (troubles.length > 0) throw troubles[0];
}
