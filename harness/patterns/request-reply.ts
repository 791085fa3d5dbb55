import { openAsker } from './ask.ts';
import { openAnswerer } from './answer.ts';
import type { Pattern } from './pattern.ts';

/**
 * A question and its answer, at most once, on core NATS: no stream may be bound to a request subject, or its acknowledgement would
 * come as the first reply. The provider answers, in an account of its own; instances share a queue group. Who asks gets one reply or
 * one typed error by the request's expiry, and hears at once when nobody answers.
 */
export const requestReply: Pattern = {
  name: 'request-reply',
  topology: () => ({ streams: [], consumers: [], buckets: [] }),
  openSender: (port, flow) => Promise.resolve(openAsker(port, flow)),
  openReceiver: (port, flow) => openAnswerer(port, flow),
};
