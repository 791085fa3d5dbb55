import type { Application, SendAnswer } from '../patterns/application.ts';
import type { CloudEvent } from '../model/event.ts';

/** One instance of one application's end of a service's flows: the harness's own on the bus, or an adapter under test. */
export interface Endpoint extends AsyncDisposable {
  send(event: CloudEvent): Promise<SendAnswer>;
  /** Stops taking, finishes what is in hand. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  crash(): Promise<void>;
}

/** Starts an instance and resolves when it is ready; what it receives goes to `behind`. */
export type StartEndpoint = (options: {
  readonly application: string;
  readonly instance: number;
  readonly behind: Application;
  readonly log: (line: string) => void;
}) => Promise<Endpoint>;
