import type { Trial } from './trial.ts';

/** Whether an application sends or receives the flow's messages. */
export const partakes = ({ flow, receivers }: Trial, application: string): boolean =>
  flow.senders.includes(application) || receivers.includes(application);
