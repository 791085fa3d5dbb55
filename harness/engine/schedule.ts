/** Performs jobs, at most `width` at once, in their order; the first rejection ends what has not begun. */
export async function performAll<T>(
  jobs: readonly T[],
  width: number,
  perform: (job: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const queue = jobs.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const job of queue) {
      if (failed || signal.aborted) return;
      try {
        await perform(job);
      } catch (cause) {
        failed = true;
        throw cause;
      }
    }
  };
  const workers = Array.from({ length: Math.min(width, jobs.length) }, worker);
  // Every worker ends before the first trouble is told, so that nothing runs on behind the caller's back.
  const results = await Promise.allSettled(workers);
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
}
