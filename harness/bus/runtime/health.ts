import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 10;
/** A server on the same machine answers in a few ms; a connection that hangs is better made anew. */
const attemptTimeoutMs = 100;

/** Waits until the server says that it is healthy; false after the time is up or once `stopped` is aborted. */
export async function untilHealthy(monitorUrl: string, timeoutMs: number, stopped: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]);
  while (!deadline.aborted) {
    if (await isHealthy(monitorUrl)) return true;
    await delay(pollMs);
  }
  return false;
}

/** One attempt, on a connection of its own. */
function isHealthy(monitorUrl: string): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(attemptTimeoutMs);
    const request = get(`${monitorUrl}/healthz`, { agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });
}
