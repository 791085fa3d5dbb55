import type { Msg } from '@nats-io/transport-node';

import { parseTime, type CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import { wildcardOf } from '../model/subject.ts';
import { eventOf, toHeaders } from './headers.ts';
import { notify } from './notice.ts';
import type { Opened, Port } from './pattern.ts';
import { refusalOf, type RefusalReason } from './refusal.ts';
import { nameOf } from './send.ts';

/** The answering side: a queue group of all instances, one reply or one refusal for each request, no retry. */
export async function openAnswerer(port: Port, flow: Flow): Promise<Opened> {
  const inHand = new Map<string, Promise<void>>();
  const take = async (message: Msg, reply: string): Promise<void> => {
    try {
      await answer(port, flow, message, () => replySubject(port, reply, inHand));
    } catch (error) {
      port.log(`${flow.id}: answering failed: ${nameOf(error)}`);
    }
    inHand.delete(reply);
  };
  const subscription = port.connection.subscribe(wildcardOf(flow), {
    queue: port.application,
    callback: (error, message) => {
      if (error !== null) port.log(`${flow.id}: cannot receive requests: ${error.name}`);
      else if (message.reply !== undefined && !port.killed.aborted) {
        inHand.set(message.reply, take(message, message.reply));
      }
    },
  });
  await port.connection.flush();
  return {
    stop: async () => {
      if (port.connected()) await subscription.drain().catch(() => undefined);
      else subscription.unsubscribe();
      await port.steps.finish([...inHand.values()]);
    },
  };
}

function replySubject(port: Port, own: string, inHand: ReadonlyMap<string, unknown>): string {
  return port.steps.replySubject(
    own,
    [...inHand.keys()].filter((other) => other !== own),
  );
}

async function answer(port: Port, flow: Flow, message: Msg, replyTo: () => string): Promise<void> {
  const request = eventOf(message);
  if (port.steps.expired(request, port.now(), 'to-application')) return void (await notify(port, request, 'expired'));
  const reply = await replyFor(port, flow, request);
  if (reply === undefined) return;
  const event = typeof reply === 'string' ? refusalOf(port, flow, flow.refusal, request, reply) : reply;
  if (event === undefined) return port.log(`${flow.id}: x-flow.refusal names no reply of this channel`);
  if (port.killed.aborted || port.connection.isClosed()) return;
  port.connection.publish(replyTo(), event.body, { headers: toHeaders(event.headers) });
}

/** The application's reply, or why there is none. */
async function replyFor(port: Port, flow: Flow, request: CloudEvent): Promise<CloudEvent | RefusalReason | undefined> {
  const { steps, check, behind } = port;
  if (steps.check(check, flow, request, 'to-application') !== undefined) return 'invalid';
  const left = (parseTime(request.headers['ce-expirytime']) ?? port.now()) - port.now();
  const { status, event } = await behind.deliver(steps.carry(request, 'to-application'), Math.max(1, left));
  const meaning = steps.classify(status);
  if (meaning === 'rejected') return 'rejected';
  const reply = steps.replied(status, event);
  if (reply === undefined || reply === 'unavailable') return reply;
  return steps.check(check, flow, reply, 'to-bus') === undefined ? steps.carry(reply, 'to-bus') : 'invalid';
}
