import type { CloudEvent } from '../model/event.ts';
import { flowOf, type Flow } from '../model/flow.ts';
import type { Port } from './pattern.ts';
import { refusalOf, type RefusalReason } from './refusal.ts';
import { prepare, publishEvent } from './send.ts';

/**
 * Tells the sender of an event, on the flow's channel for receipts, that it is refused. Resolves with whether it may be given up
 * now: the refusal is stored, or none can be made of it.
 */
export async function refuse(port: Port, flow: Flow, event: CloudEvent, reason: RefusalReason): Promise<boolean> {
  const receipts = flow.receipts === undefined ? undefined : flowOf(port.service, flow.receipts);
  if (receipts === undefined) return true;
  const refusal = refusalOf(port, receipts, flow.refusal, event, reason);
  const outgoing = refusal === undefined ? undefined : prepare(port, receipts, refusal);
  if (outgoing === undefined || 'status' in outgoing) {
    port.log(`${flow.id}: no valid ${flow.refusal ?? 'refusal'} can be made`);
    return true;
  }
  const outcome = await publishEvent(port, receipts, outgoing);
  return outcome.kind === 'stored';
}
