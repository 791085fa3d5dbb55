import { messageOf, type Flow } from '../model/flow.ts';
import type { JsonValue } from '../model/json.ts';
import { headerOf, partsOf, type Interaction, type Pact } from '../model/pact.ts';
import type { PlannedMessage, Workload } from '../model/workload.ts';

/** Longest time for one answer, and most bytes of it. */
const limitMs = 10_000;
const mostBytes = 8 * 1024 * 1024;

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

interface GivenEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Asks a real provider application for the message of each interaction, as Pact asks a message proxy: POST `{description,
 * providerStates}`, answered by the event in binary mode. Of the drawn messages of an interaction one is left, with what was given.
 */
export async function askProviderApplication(url: string, flow: Flow, workload: Workload): Promise<AskedWorkload> {
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
      const answer = await ask(url, interaction);
      if ('found' in answer) refused.push({ ...use, found: answer.found });
      else
        kept.set(
          index,
          messages.push({ ...plannedOf(drawn, answer, flow, use), pact: { as: 'stimulus', of: [use] } }) - 1,
        );
    }
  }
  const indexes = sendable(workload, kept, messages);
  return { refused, workload: { ...workload, messages, ...indexes } };
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
  return { scripts, lanes: [sent.map((message) => ({ do: 'send', message }) as const)] };
}

function interactionOf(flow: Flow, use: { readonly pact: string; readonly interaction: number }): Interaction {
  const pact: Pact | undefined = flow.pacts?.find(({ name }) => name === use.pact);
  const interaction = pact?.interactions[use.interaction];
  if (interaction === undefined)
    throw new RangeError(`the flow has no interaction ${use.pact} ${String(use.interaction)}`);
  return interaction;
}

async function ask(url: string, interaction: Interaction): Promise<GivenEvent | { readonly found: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ description: interaction.description, providerStates: interaction.states }),
      signal: AbortSignal.timeout(limitMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { found: `the answer ${String(response.status)} of the provider application` };
    }
    const body = await bodyOf(response);
    return body === undefined
      ? { found: `more than ${String(mostBytes)} bytes from the provider application` }
      : { headers: headersOf(response.headers), body };
  } catch (cause) {
    const why =
      cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : String(cause);
    return { found: `no answer of the provider application (${why})` };
  }
}

async function bodyOf(response: Response): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const chunk of parts) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Headers of binary mode; and what a message proxy of Pact says in its one header of metadata. */
function headersOf(headers: Headers): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const proxied = headers.get('pact-message-metadata');
  if (proxied !== null) {
    const metadata = JSON.parse(Buffer.from(proxied, 'base64').toString('utf8')) as Record<string, JsonValue>;
    for (const [key, value] of Object.entries(metadata)) {
      const header = headerOf(key);
      if (header !== undefined && (typeof value === 'string' || typeof value === 'number'))
        found[header] = String(value);
    }
  }
  for (const [name, value] of headers) {
    if (name.startsWith('ce-') || name === 'traceparent' || name === 'tracestate') found[name] = value;
  }
  const type = headers.get('content-type');
  if (type !== null) found['ce-datacontenttype'] ??= type;
  return found;
}

/** The event as it was given: nothing of it is mended, and what it lacks stays lacking. */
function plannedOf(
  drawn: PlannedMessage,
  { headers, body }: GivenEvent,
  flow: Flow,
  use: { readonly pact: string; readonly interaction: number; readonly part: string },
): PlannedMessage {
  const part = partsOf(interactionOf(flow, use)).find(([name]) => name === use.part)?.[1];
  const { within: _within, smallest: _smallest, expiresMs: _expires, ...rest } = drawn;
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
  };
}
