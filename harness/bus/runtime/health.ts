import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 10;
/** A connection taken by the engine just before the server listens may hang: try anew. */
const requestTimeoutMs = 250;

/** Waits until the server says that it is healthy; false after the time is up or once `stopped` is aborted. */
export async function untilHealthy(monitorUrl: string, timeoutMs: number, stopped: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]);
  while (!deadline.aborted) {
    const signal = AbortSignal.any([deadline, AbortSignal.timeout(requestTimeoutMs)]);
    const response = await fetch(`${monitorUrl}/healthz`, { signal }).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    if (response?.ok === true) return true;
    await delay(pollMs);
  }
  return false;
}
