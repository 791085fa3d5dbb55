import type { CloudEvent } from './event.ts';
import type { Flow } from './flow.ts';

/** Why a message fails the check of application-port.md. `detail` names keyword and place, never content. */
export interface CheckFailure {
  readonly reason: 'invalid' | 'too-large';
  readonly detail: string;
}

/** The check of both sides of the bus on one event of a flow; undefined where it passes. */
export type Check = (flow: Flow, event: CloudEvent) => CheckFailure | undefined;
