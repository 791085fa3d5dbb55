import { delay } from './clock.ts';

/** Whether work ends within a time limit; what does not is left to itself. Rejects as the work does. */
export async function endsWithin(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([work.then(() => true), delay(limitMs, over.signal).then(() => false)]);
  } finally {
    over.abort();
  }
}
