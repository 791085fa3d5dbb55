import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../model/check.ts';
import { parseTime } from '../model/event.ts';
import { messageOf, type Flow } from '../model/flow.ts';
import { partsOf, type Interaction, type Pact } from '../model/pact.ts';
import type { PlannedMessage, Workload } from '../model/workload.ts';
import type { GivenEvent, ProviderApplication } from './asked-application.ts';

/** Headers that a workload gives an event where nobody says otherwise. */
const given: readonly string[] = [
  'ce-specversion',
  'ce-source',
  'ce-time',
  'ce-datacontenttype',
  'ce-dataschema',
  'ce-correlationid',
  'ce-causationid',
  'ce-classification',
  'ce-expirytime',
  'traceparent',
  'tracestate',
];

/** An interaction for which the provider application gave no event. */
export interface Refused {
  readonly pact: string;
  readonly interaction: number;
  readonly part: string;
  readonly found: string;
}

/** A provider's workload with the events that a real application gives in place of those that were drawn. */
export interface AskedWorkload {
  readonly workload: Workload;
  readonly refused: readonly Refused[];
}

/**
 * Asks a real provider application for the message of each interaction, and for each response. Of the drawn messages of an
 * interaction one is left, with what was given.
 */
export async function askProviderApplication(
  application: ProviderApplication,
  flow: Flow,
  workload: Workload,
  check: Check,
  nowMs: number,
): Promise<AskedWorkload> {
  const refused: Refused[] = [];
  const messages: PlannedMessage[] = [];
  /** Index of a drawn message → that of the one in its place. */
  const kept = new Map<number, number>();
  const asked = new Set<string>();
  for (const [index, drawn] of workload.messages.entries()) {
    const isStimulus = drawn.pact?.as === 'stimulus' && !drawn.pact.of.every(({ part }) => part === 'request');
    if (!isStimulus) {
      kept.set(index, messages.push(drawn) - 1);
      continue;
    }
    for (const use of drawn.pact.of) {
      const name = `${use.pact} ${String(use.interaction)} ${use.part}`;
      if (asked.has(name)) continue;
      asked.add(name);
      const interaction = interactionOf(flow, use);
      const answer = await application.ask(interaction, flow.bucket !== undefined);
      if ('found' in answer) {
        refused.push({ ...use, found: answer.found });
        continue;
      }
      const planned: PlannedMessage = { ...plannedOf(drawn, answer, flow, use), pact: { as: 'stimulus', of: [use] } };
      // An adapter takes an event that it was given before for a repeat: one event shows several interactions.
      const before = use.part === 'message' ? messages.findIndex((other) => isOfOneId(other, planned)) : -1;
      const earlier = messages[before];
      const found =
        faultOf(answer, drawn, flow, check, nowMs) ??
        (earlier === undefined || isSame(earlier, planned) ? undefined : 'an event with the id of another one');
      if (found !== undefined) refused.push({ ...use, found });
      else if (earlier?.pact === undefined) kept.set(index, messages.push(planned) - 1);
      else messages[before] = { ...earlier, pact: { ...earlier.pact, of: [...earlier.pact.of, use] } };
    }
  }
  const indexes = sendable(workload, kept, messages);
  return { refused, workload: { ...workload, messages, ...indexes } };
}

const isOfOneId = (one: PlannedMessage, other: PlannedMessage): boolean =>
  one.id === other.id && one.headers['ce-source'] === other.headers['ce-source'];

const isSame = (one: PlannedMessage, other: PlannedMessage): boolean =>
  one.body === other.body && isDeepStrictEqual(one.headers, other.headers);

/** What is wrong with an event whatever a pact says of it: an adapter would only refuse it, and say less. */
function faultOf(
  { headers, body }: GivenEvent,
  drawn: PlannedMessage,
  flow: Flow,
  check: Check,
  nowMs: number,
): string | undefined {
  const causation = drawn.headers['ce-causationid'];
  const event = {
    headers: { ...headers, ...(typeof causation === 'string' ? { 'ce-causationid': causation } : {}) },
    body,
  };
  const failure = check(flow, event);
  if (failure !== undefined) return `an event that breaks the contract (${failure.detail})`;
  if ((parseTime(headers['ce-expirytime']) ?? Infinity) <= nowMs) return 'an event that has expired';
  return headers['ce-type'] === drawn.type ? undefined : `an event of another type than ${drawn.type}`;
}

/** Every event that was given is sent, whoever it was drawn for; a request is sent for each reply that was given. */
function sendable(
  workload: Workload,
  kept: ReadonlyMap<number, number>,
  messages: readonly PlannedMessage[],
): Pick<Workload, 'lanes' | 'scripts'> {
  const scripts = workload.scripts.flatMap((script) => {
    const message = kept.get(script.message);
    const answers = script.answers.map(({ reply, ...answer }) => {
      const to = reply === undefined ? undefined : kept.get(reply);
      return { ...answer, ...(to === undefined ? {} : { reply: to }) };
    });
    const answered = script.answers.every(
      ({ reply }, at) => (reply === undefined) === (answers[at]?.reply === undefined),
    );
    return message === undefined || !answered ? [] : [{ ...script, message, answers }];
  });
  const isAnswered = new Set(scripts.map(({ message }) => message));
  const asks = messages.flatMap((message, index) =>
    message.pact === undefined || message.pact.of.some(({ part }) => part.startsWith('response')) ? [] : [index],
  );
  const replies = messages.some(({ pact }) => pact?.of.some(({ part }) => part.startsWith('response')) === true);
  const sent = replies || scripts.length > 0 ? asks.filter((index) => isAnswered.has(index)) : asks;
  const injected = workload.lanes.flat().flatMap((step) => {
    const message = step.do === 'inject' ? kept.get(step.message) : undefined;
    return message === undefined ? [] : [{ do: 'inject', message } as const];
  });
  return { scripts, lanes: [sent.map((message) => ({ do: 'send', message }) as const), injected] };
}

function interactionOf(flow: Flow, use: { readonly pact: string; readonly interaction: number }): Interaction {
  const pact: Pact | undefined = flow.pacts?.find(({ name }) => name === use.pact);
  const interaction = pact?.interactions[use.interaction];
  if (interaction === undefined)
    throw new RangeError(`the flow has no interaction ${use.pact} ${String(use.interaction)}`);
  return interaction;
}

/** The event as it was given: nothing of it is mended, and what it lacks stays lacking. */
function plannedOf(
  drawn: PlannedMessage,
  { headers, body, contents }: GivenEvent,
  flow: Flow,
  use: { readonly pact: string; readonly interaction: number; readonly part: string },
): PlannedMessage {
  const part = partsOf(interactionOf(flow, use)).find(([name]) => name === use.part)?.[1];
  const { within: _within, smallest: _smallest, expiresMs: _expires, contents: _contents, ...rest } = drawn;
  const absent = Object.fromEntries(given.filter((name) => headers[name] === undefined).map((name) => [name, null]));
  const causation = drawn.headers['ce-causationid'];
  const sequence = Number(headers['ce-sequence'] ?? 0);
  return {
    ...rest,
    type: messageOf(flow, part?.type ?? drawn.type).name,
    id: headers['ce-id'] ?? drawn.id,
    key: headers['ce-partitionkey'] ?? '',
    sequence: Number.isSafeInteger(sequence) && sequence >= 0 ? sequence : 0,
    // A request that the harness makes has an id of its own: the reply names that one.
    headers: {
      ...absent,
      ...headers,
      ...(use.part.startsWith('response') && causation !== undefined ? { 'ce-causationid': causation } : {}),
    },
    payload: {},
    body: body.toString('base64'),
    ...(contents.length === 0
      ? {}
      : { contents: contents.map((one) => ({ bytes: one.length, seed: 0, body: one.toString('base64') })) }),
  };
}
