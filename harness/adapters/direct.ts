import type { Check } from '../model/check.ts';
import type { CloudEvent } from '../model/event.ts';
import type { Service } from '../model/flow.ts';
import type { Application } from '../patterns/application.ts';
import type { Steps } from '../patterns/steps.ts';
import { startAdapter, type StartedAdapter } from './adapter.ts';

/** How a user of a namespace meets the bus; a `Namespace` is one. */
interface BusAccess {
  readonly url: string;
  credentials(user: string): string | undefined;
  inboxPrefix(user: string): string;
}

interface EndpointOptions {
  readonly application: string;
  readonly behind: Application;
  readonly log: (line: string) => void;
}

/** Endpoints straight on the bus: the adapter core in this process, one connection an instance. */
export function directEndpoints(service: Service, check: Check, steps?: Steps) {
  return (namespace: BusAccess, clock: { readonly wall: () => number }) =>
    async ({ application, behind, log }: EndpointOptions) => {
      const credentials = namespace.credentials(application);
      const adapter = await startAdapter({
        service,
        application,
        url: namespace.url,
        ...(credentials === undefined ? {} : { credentials }),
        inboxPrefix: namespace.inboxPrefix(application),
        behind,
        check,
        ...(steps === undefined ? {} : { steps }),
        wallClock: clock.wall,
        log,
      });
      return endpointOf(adapter);
    };
}

/** The core as the engine meets it. */
function endpointOf(adapter: StartedAdapter) {
  return {
    send: (event: CloudEvent) => adapter.send(event),
    stop: async () => {
      await adapter.stop();
      return '';
    },
    crash: () => adapter.crash(),
    health: () => Promise.resolve(adapter.healthy() ? 200 : 503),
    [Symbol.asyncDispose]: () => adapter[Symbol.asyncDispose](),
  };
}
