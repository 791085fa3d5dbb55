import type { ExchangePattern } from '../model/flow.ts';
import { claimCheck } from './claim-check.ts';
import { fanOut } from './fan-out.ts';
import { lastValue } from './last-value.ts';
import { orderedStream } from './ordered-stream.ts';
import type { Pattern } from './pattern.ts';
import { requestReply } from './request-reply.ts';
import { workQueue } from './work-queue.ts';

export const patterns: Readonly<Record<ExchangePattern, Pattern>> = {
  'request-reply': requestReply,
  'ordered-stream': orderedStream,
  'fan-out': fanOut,
  'last-value': lastValue,
  'work-queue': workQueue,
  'claim-check': claimCheck,
};
