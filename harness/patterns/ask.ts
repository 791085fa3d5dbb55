import { nuid, type Msg } from '@nats-io/transport-node';

import { parseTime, type CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { SendAnswer } from './application.ts';
import { eventOf, toHeaders } from './headers.ts';
import { notify } from './notice.ts';
import { died, noReply, noResponder, unavailable } from './outcome.ts';
import type { OpenedSender, Port } from './pattern.ts';
import { prepare, type Outgoing } from './send.ts';
import type { Asked } from './steps.ts';

/** The asking side: one subscription for all replies, and a fresh last token for each request. */
export function openAsker(port: Port, flow: Flow): OpenedSender {
  const waiting = new Map<string, Asked>();
  const prefix = `${port.inboxPrefix}.reply.${port.steps.inboxToken(nuid.next())}`;
  const subscription = port.connection.subscribe(`${prefix}.*`, {
    callback: (error, message) => {
      if (error !== null) port.log(`${flow.id}: cannot receive replies: ${error.name}`);
      else void receive(port, flow, waiting, message);
    },
  });
  port.killed.addEventListener('abort', () => waiting.forEach((asked) => asked.answer(died)), { once: true });
  const open = new Set<Promise<SendAnswer>>();
  return {
    send: async (event) => {
      const outgoing = prepare(port, flow, event);
      if ('status' in outgoing) return outgoing;
      if (!port.connected()) return { ...unavailable, reason: 'not-connected' };
      const asking = ask(port, outgoing, waiting, prefix);
      open.add(asking);
      void asking.then(() => open.delete(asking));
      return port.steps.answerAfter(asking);
    },
    stop: async () => {
      await Promise.all(open);
      subscription.unsubscribe();
    },
  };
}

/** Publishes the request and waits until it expires. */
async function ask(
  port: Port,
  { event, subject }: Outgoing,
  waiting: Map<string, Asked>,
  prefix: string,
): Promise<SendAnswer> {
  const token = nuid.next();
  const { promise, resolve } = Promise.withResolvers<SendAnswer>();
  waiting.set(token, { request: event, answer: resolve });
  const left = (parseTime(event.headers['ce-expirytime']) ?? port.now()) - port.now();
  const timer = setTimeout(() => resolve(noReply), port.steps.waitForReply(Math.max(0, left)));
  try {
    port.connection.publish(subject, event.body, { headers: toHeaders(event.headers), reply: `${prefix}.${token}` });
    return await promise;
  } finally {
    clearTimeout(timer);
    waiting.delete(token);
  }
}

async function receive(port: Port, flow: Flow, waiting: ReadonlyMap<string, Asked>, message: Msg): Promise<void> {
  const { steps } = port;
  const token = message.subject.slice(message.subject.lastIndexOf('.') + 1);
  const status = message.headers?.code ?? 0;
  if (status !== 0) {
    if (steps.nobodyAnswers(status)) waiting.get(token)?.answer(noResponder);
    return;
  }
  const reply = eventOf(message);
  const asked = steps.asker(waiting, token);
  const wrong = asked === undefined ? 'late' : faultOf(port, flow, asked.request, reply);
  if (wrong !== undefined) {
    if (asked !== undefined) steps.unfit(asked);
    await notify(port, reply, wrong);
  } else asked?.answer({ status: 200, reason: 'reply', event: steps.carry(reply, 'to-application') });
}

/** Why a reply is not for the application, if so. */
function faultOf(
  port: Port,
  flow: Flow,
  request: CloudEvent,
  reply: CloudEvent,
): 'misdirected' | 'invalid' | undefined {
  if (!port.steps.repliesTo(request, reply)) return 'misdirected';
  const failure = port.steps.check(port.check, flow, reply, 'to-application');
  return failure === undefined ? undefined : 'invalid';
}
