import type { Flow } from '../harness/model/flow.ts';

/** What a flow must promise for a scenario to show anything about it. */
export const isRequestReply = (flow: Flow): boolean => flow.pattern === 'request-reply';
export const isUnderTest = ({ underTest }: Flow, application: string): boolean =>
  underTest?.includes(application) ?? true;
export const isStream = (flow: Flow): boolean => flow.stream !== undefined;
export const isAtLeastOnce = (flow: Flow): boolean => isStream(flow) && flow.delivery === 'at-least-once';
export const isOrdered = (flow: Flow): boolean => flow.pattern === 'ordered-stream';
export const isLastValue = (flow: Flow): boolean => flow.pattern === 'last-value';
