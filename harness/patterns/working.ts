import type { Flow } from '../model/flow.ts';
import type { Held } from './held.ts';
import type { Port } from './pattern.ts';

/** Publishes `+WPI` every half ack wait until disposed of, so that work which takes longer is not delivered again meanwhile. */
export function keepWorking(port: Port, flow: Flow, held: Held): Disposable {
  const timer = setInterval(() => held.working(), port.steps.workingEvery(flow));
  const end = (): void => {
    clearInterval(timer);
    port.killed.removeEventListener('abort', end);
  };
  port.killed.addEventListener('abort', end);
  return { [Symbol.dispose]: end };
}
