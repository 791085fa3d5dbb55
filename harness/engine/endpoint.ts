import type { Namespace } from '../bus/runtime/runtime.ts';
import type { Application, SendAnswer } from '../patterns/application.ts';
import type { CloudEvent } from '../model/event.ts';
import type { HistoryBuilder } from '../model/history.ts';
import type { Workload } from '../model/workload.ts';

/** One instance of one application's end of a service's flows: the harness's own on the bus, or an adapter under test. */
export interface Endpoint extends AsyncDisposable {
  /** @param gone aborted when the application closes the connection: it does not hear the answer */
  send(event: CloudEvent, gone?: AbortSignal): Promise<SendAnswer>;
  /** Stops taking, finishes what is in hand, and ends. Gives what was wrong with that; '' for nothing. */
  stop(): Promise<string>;
  /** Status of `GET /health`; undefined where nobody answers in time. */
  health(): Promise<number | undefined>;
  /** Ends it as a power cut would. */
  crash(): Promise<void>;
  /** Leaves it as it is for the trial that follows in the same account. Absent where it ends with its trial. */
  readonly stay?: (() => void) | undefined;
}

/** Starts an instance and resolves when it is ready; what it receives goes to `behind`. */
export type StartEndpoint = (options: {
  readonly application: string;
  readonly instance: number;
  readonly behind: Application;
  readonly log: (line: string) => void;
  /** Says what is wrong with the instance, apart from its messages; `over` where it is there no more though nobody ended it. */
  readonly failed: (reason: string, over: boolean) => void;
}) => Promise<Endpoint>;

/** Adapters under test that run and are healthy; disposing ends what is left of them. */
export interface Launched extends AsyncDisposable {
  /** Endpoints of the trial: an end that no adapter stands at is played by `others`. */
  over(others: StartEndpoint): StartEndpoint;
}

/** Launches adapters under test before the trial's time begins: what a process takes to start is not the trial's matter. */
export type Launch = (options: {
  /** How an instance of an application meets the bus. */
  readonly access: (application: string, instance: number) => Promise<Namespace>;
  /** Instances that run from the trial's start. */
  readonly first: readonly { readonly application: string; readonly instance: number }[];
  readonly log: (line: string) => void;
  /** What is known of an instance's connection to the bus. */
  readonly connection: (application: string, instance: number) => string | undefined;
  /** Trouble of the harness itself. */
  readonly problem: (where: string, cause: unknown) => void;
  /** Aborted when the run is to end at once. */
  readonly signal: AbortSignal;
}) => Promise<Launched>;

/** Relays between the adapters of a trial and the bus. */
export interface TrialRelays extends AsyncDisposable {
  /** The namespace as an instance of an application meets it. */
  through(namespace: Namespace, application: string, instance: number): Promise<Namespace>;
  /** What an instance's connection came to; undefined where no relay is on it. */
  connection(application: string, instance: number): string | undefined;
  /** Takes no connection of an instance for so long from the next that it makes. Resolves once they are taken again; undefined where no relay is on it. */
  refuse(application: string, instance: number, refuseMs: number): Promise<void> | undefined;
  /** Holds back every message to an instance, or every answer about the consumer `of`, for so long from when it connects next. Resolves once they are let go; undefined where no relay is on it. */
  hold(application: string, instance: number, holdMs: number, of?: string): Promise<void> | undefined;
  /** Ends the connections of an instance, and takes none for so long. False where there was nothing to end. */
  cut(application: string, instance: number, refuseMs: number): Promise<boolean>;
}

/** Undefined for a trial of which nothing rests on what a relay sees or does. `identify` gives the planned message with a source and id, or NONE. */
export type OpenRelays = (trial: {
  readonly workload: Workload;
  readonly history: HistoryBuilder;
  /** Milliseconds since the trial's start; 0 before it. */
  readonly now: () => number;
  readonly identify: (source: string, id: string) => number;
}) => TrialRelays | undefined;
