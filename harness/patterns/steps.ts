import type { Check, CheckFailure } from '../model/check.ts';
import { crosses, messageIdOf, parseTime, type CloudEvent } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import type { SendAnswer } from './application.ts';
import type { FoundContent } from './measured.ts';
import type { Item } from './manifest.ts';
import type { Held, Settlement, TermReason } from './held.ts';
import type { Memory } from './memory.ts';
import { nameOf } from './newest.ts';
import { stored, unavailable, type PublishOutcome } from './outcome.ts';
import { payloadOf } from '../model/payload.ts';
import { soleProvider } from './permissions.ts';
import type { Removal } from './removal.ts';
import { subjectOf } from '../model/subject.ts';

/** Which way an event goes through an adapter. */
export type Way = 'to-bus' | 'to-application';

/** How long a publish acknowledgement is waited for, and how often the same publish is repeated. */
export interface Patience {
  readonly waitMs: number;
  readonly repeats: number;
}

/** A request whose asker still waits. */
export interface Asked {
  readonly request: CloudEvent;
  readonly answer: (answer: SendAnswer) => void;
}

/** Headers and body, as published. */
export interface Note {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The decisions that the loops of sending and receiving are made of, each named after what it decides. An adapter that breaks
 * one clause is `{ ...standardSteps, one: broken }`.
 */
export interface Steps {
  // Both ways.

  /** Why the event may not travel, if so. */
  readonly check: (check: Check, flow: Flow, event: CloudEvent, way: Way) => CheckFailure | undefined;
  readonly expired: (event: CloudEvent, now: number, way: Way) => boolean;
  /** What goes on of an event: the headers that cross, and the body byte for byte. */
  readonly carry: (event: CloudEvent, way: Way) => CloudEvent;

  /** When the adapter says for the first time that it is well: once it has found all that it reads. */
  readonly well: (found: Promise<unknown>) => Promise<unknown>;

  // Sending.

  /** Subject to publish on; undefined where a parameter's value cannot be part of one. */
  readonly subject: (flow: Flow, event: CloudEvent) => string | undefined;
  /** `Nats-Msg-Id`, the same for every repeat. `repeat` is 0 for the first publish. */
  readonly messageId: (event: CloudEvent, repeat: number) => string | undefined;
  readonly patience: (flow: Flow) => Patience;
  /** What the application is told of a publish that is not a duplicate. */
  readonly answerTo: (outcome: PublishOutcome) => SendAnswer;
  /** When the application is answered: once the publish is done. */
  readonly answerAfter: (publishing: Promise<SendAnswer>) => Promise<SendAnswer>;
  /** Whether the event that the bus knows by the same id is read back from the stream, in place of being remembered alone. */
  readonly readsBack: (flow: Flow, application: string) => boolean;
  /** Whether the event stored under the same id has the same type and body. */
  readonly sameContent: (event: CloudEvent, stored: CloudEvent) => boolean;
  /** Last value: whether the subject's last event is as new as this one, or newer. */
  readonly superseded: (event: CloudEvent, last: CloudEvent) => boolean;
  /** Last value: the subject's sequence that the publish rests on, 0 for none. Undefined publishes whatever is there. */
  readonly expectedSequence: (lastSequence: number) => number | undefined;
  /** Claim check: contents first, then the event that names them. `send` is to be called once. */
  readonly offer: (
    staging: () => Promise<SendAnswer | undefined>,
    send: () => Promise<SendAnswer>,
  ) => Promise<SendAnswer>;
  /** Claim check: the name of an object; `named` is the one that the contract gives it. */
  readonly objectName: (named: string, event: CloudEvent) => string;
  /** Claim check: whether an object that lies under the name already is left as it is. */
  readonly alreadyStored: (item: Item, there: FoundContent) => boolean;
  /** Claim check: what is done with an object that was refused. */
  readonly withdraw: (removal: Removal) => Promise<void>;
  /** Claim check: whether what was found is what the manifest says. */
  readonly contentFits: (item: Item, found: FoundContent, way: Way) => boolean;

  /** Claim check: whether the bytes that were read are those that the store says it has. */
  readonly sameBytes: (said: FoundContent, read: FoundContent) => boolean;

  // Receiving.

  /** How many messages one consumer has in hand at once. */
  readonly inHand: (flow: Flow) => number;
  /** Names of which no two messages are worked on at the same time. */
  readonly oneAtATime: (flow: Flow, event: CloudEvent) => readonly string[];
  /** Whether the application accepted this id before. */
  readonly recall: (memory: Memory, event: CloudEvent) => 'unknown' | 'same' | 'other';
  readonly remember: (memory: Memory, event: CloudEvent) => void;
  /** Ordered: how the event follows on the last accepted sequence of its key. */
  readonly follows: (lastAccepted: number, event: CloudEvent) => 'next' | 'past' | 'gap';
  /** Ordered: keeps the accepted sequence. */
  readonly advance: (store: (sequence: number) => Promise<void>, event: CloudEvent) => Promise<void>;
  /** Last value: whether the event is older than the newest handed over. */
  readonly outdated: (newest: number | undefined, event: CloudEvent) => boolean;
  /** How long the application may take, in milliseconds. */
  readonly timeLimit: (flow: Flow) => number;
  /** Hands the message over: the application first, the bus after. */
  readonly handOver: (held: Held, post: () => Promise<Settlement>) => Promise<Settlement>;
  /** Claim check: contents first, then the event. `stage` gives the settlement where the bundle is not taken. */
  readonly take: (stage: () => Promise<Settlement | undefined>, post: () => Promise<Settlement>) => Promise<Settlement>;
  /** How often the bus is told that a message is still worked on, in milliseconds. */
  readonly workingEvery: (flow: Flow) => number;
  /** What an HTTP status of the application means. */
  readonly classify: (status: number) => 'accepted' | 'rejected' | 'failed';
  /** Delay before the next delivery, in milliseconds; undefined for none. `attempt` counts from 1. */
  readonly delay: (flow: Flow, attempt: number) => number | undefined;
  /** Whether the sender of a message that is given up for a reason is told so by a refusal. */
  readonly refuses: (flow: Flow, reason: TermReason) => boolean;
  /** Tells whom it concerns, before the message is settled. Resolves with whether it may be settled now. */
  readonly tell: (tell: () => Promise<boolean>, held: Held) => Promise<boolean>;
  /** What stands after `+TERM`; '' for nothing. */
  readonly reason: (reason: TermReason, event: CloudEvent) => string;
  /** Tells the bus. */
  readonly settle: (held: Held, settlement: Settlement, delayMs: number | undefined, reason: string) => void;
  /** After a reconnection: asks a consumer again, whose requests are void. */
  readonly resume: (again: () => Promise<void>, consumer: string) => Promise<void>;
  /** What a stopping adapter does with the messages in hand: finish them. */
  readonly finish: (working: readonly Promise<void>[]) => Promise<void>;
  /** What is reported of an event: its attributes and the reason, never its body. Undefined reports nothing. */
  readonly notice: (event: CloudEvent, reason: string) => Note | undefined;

  // Request and reply.

  /** What tells the replies to this process from those to another; `fresh` is used by nobody else. */
  readonly inboxToken: (fresh: string) => string;
  /** Whether the server's status says that nobody answers these requests. */
  readonly nobodyAnswers: (status: number) => boolean;
  /** How long a reply is waited for, in milliseconds; `leftMs` is what is left until the request expires. */
  readonly waitForReply: (leftMs: number) => number;
  /** Who waits for the reply that came on this token. */
  readonly asker: (waiting: ReadonlyMap<string, Asked>, token: string) => Asked | undefined;
  /** Whether a reply is to this request. */
  readonly repliesTo: (request: CloudEvent, reply: CloudEvent) => boolean;
  /** What comes of a reply that is misdirected or invalid for whoever waits: nothing, the right one may still come. */
  readonly unfit: (asked: Asked) => void;
  /** What the asker is sent where the answering application did not reject: its event, or a refusal. Undefined sends nothing. */
  readonly replied: (status: number, event: CloudEvent | undefined) => CloudEvent | 'unavailable' | undefined;
  /** Where a reply goes; `others` are the reply subjects of the other requests in hand. */
  readonly replySubject: (own: string, others: readonly string[]) => string;
  /** The refusal that is sent, as drafted by the document. */
  readonly refusal: (draft: CloudEvent, refused: CloudEvent) => CloudEvent;
}

const publishWaitMs = 2000;
const publishRepeats = 3;
/** Messages that one consumer of one instance has in hand where order does not matter. */
const unorderedInHand = 16;

export const standardSteps: Steps = {
  check: (check, flow, event) => check(flow, event),
  expired: (event, now) => {
    const expiry = parseTime(event.headers['ce-expirytime']);
    return expiry !== undefined && expiry <= now;
  },
  carry: (event) => ({
    headers: Object.fromEntries(Object.entries(event.headers).filter(([name]) => crosses(name))),
    body: event.body,
  }),
  well: (found) => found,

  subject: (flow, event) => subjectOf(flow, event.headers, payloadOf(event)),
  messageId: (event) => messageIdOf(event),
  patience: (flow) => ({ waitMs: publishWaitMs, repeats: flow.delivery === 'at-most-once' ? 0 : publishRepeats }),
  answerTo: (outcome) => {
    if (outcome.kind === 'stored') return stored;
    if (outcome.kind === 'unacknowledged') return { status: 504, reason: 'unacknowledged' };
    return { ...unavailable, reason: outcome.kind };
  },
  answerAfter: (publishing) => publishing,
  readsBack: soleProvider,
  sameContent: (event, stored) =>
    event.headers['ce-type'] === stored.headers['ce-type'] && Buffer.compare(event.body, stored.body) === 0,
  superseded: (event, last) => timeOf(event) <= timeOf(last),
  expectedSequence: (lastSequence) => lastSequence,
  offer: async (staging, send) => (await staging()) ?? (await send()),
  objectName: (named) => named,
  alreadyStored: isAsListed,
  withdraw: async ({ unname, discard }) => {
    await unname();
    await discard();
  },
  sameBytes: (said, read) => said.sha256 === read.sha256,
  contentFits: isAsListed,

  inHand: (flow) => (flow.partitions === undefined ? unorderedInHand : 1),
  oneAtATime: (flow, event) => [
    `id ${messageIdOf(event)}`,
    ...(flow.pattern === 'last-value' ? [`name ${nameOf(event)}`] : []),
  ],
  recall: (memory, event) => memory.recall(event),
  remember: (memory, event) => memory.remember(event),
  follows: (lastAccepted, event) => {
    const sequence = Number(event.headers['ce-sequence']);
    if (sequence <= lastAccepted) return 'past';
    return sequence === lastAccepted + 1 ? 'next' : 'gap';
  },
  advance: (store, event) => store(Number(event.headers['ce-sequence'])),
  outdated: (newest, event) => newest !== undefined && timeOf(event) < newest,
  timeLimit: (flow) => (flow.ackWaitMs ?? 0) / 2,
  handOver: (_held, post) => post(),
  take: async (stage, post) => (await stage()) ?? (await post()),
  workingEvery: (flow) => (flow.ackWaitMs ?? 0) / 2,
  classify: (status) => {
    if (status >= 200 && status < 300) return 'accepted';
    return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'rejected' : 'failed';
  },
  delay: (flow, attempt) => flow.backoffMs[Math.min(attempt, flow.backoffMs.length) - 1],
  refuses: (flow, reason) =>
    reason === 'content' || (flow.badInput === 'refuse' && (reason === 'invalid' || reason === 'rejected')),
  tell: (tell) => tell(),
  reason: (reason) => reason,
  settle: (held, settlement, delayMs, reason) => {
    if (settlement.do === 'acknowledge') held.acknowledge();
    else if (settlement.do === 'terminate') held.terminate(reason);
    else held.refuse(delayMs);
  },
  resume: (again) => again(),
  finish: async (working) => void (await Promise.allSettled(working)),
  notice: (event, reason) => ({
    headers: {
      ...Object.fromEntries(Object.entries(event.headers).filter(([name]) => name.startsWith('ce-'))),
      Reason: reason,
    },
    body: new Uint8Array(),
  }),

  inboxToken: (fresh) => fresh,
  nobodyAnswers: (status) => status === 503,
  waitForReply: (leftMs) => leftMs,
  asker: (waiting, token) => waiting.get(token),
  repliesTo: (request, reply) => reply.headers['ce-causationid'] === request.headers['ce-id'],
  unfit: () => undefined,
  replied: (status, event) => (status === 200 && event !== undefined ? event : 'unavailable'),
  replySubject: (own) => own,
  refusal: (draft) => draft,
};

function timeOf(event: CloudEvent): number {
  return parseTime(event.headers['ce-time']) ?? Number.NaN;
}

/** Whether a content is what the manifest says of it. */
function isAsListed(item: Item, found: FoundContent): boolean {
  return found.bytes === item.bytes && found.sha256 === item.sha256;
}
