import type { Check } from '../model/check.ts';
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
    ({ application, behind, log }: EndpointOptions): Promise<StartedAdapter> => {
      const credentials = namespace.credentials(application);
      return startAdapter({
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
    };
}
