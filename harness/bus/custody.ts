import type { Advisory } from '../model/advisory.ts';
import type { AuditEntry, Settlement } from '../model/audit.ts';
import type { Flow, Service } from '../model/flow.ts';
import { applicationOfConsumer, latencySubject, publishedSubject, replayedFor } from '../model/names.ts';
import { replayHeaders } from '../model/dead-letter.ts';
import { entitled } from '../model/subject.ts';
import type { Change } from './audit/recorder.ts';
import type { StoredMessage } from './steps.ts';

/** Messages whose headers are remembered until their settlements come, at most, a flow; the oldest go first. */
const rememberedMessages = 65_536;

/** What the bus knows of a stored message, from its subject and headers alone. */
export interface Envelope {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An end of a message for one application. */
export interface Settled {
  readonly flow: Flow;
  readonly application: string;
  readonly stream: string;
  readonly sequence: number;
  readonly how: Settlement;
  readonly reason: string;
  readonly deliveries: number;
  readonly when: string;
}

/** Reasons that the server gives when it terminates a message itself, since its stream has let go of it. */
const limitReasons: readonly string[] = ['Message deleted by stream limits', 'Unacknowledged message was deleted'];

/** The end that an advisory tells of; undefined where it tells of none, or of a consumer that is no receiver's. */
export function settledBy(advisory: Advisory, flow: Flow): Settled | undefined {
  const application = applicationOfConsumer(flow, advisory.consumer);
  const ending = endingOf(advisory);
  if (application === undefined || ending === undefined) return undefined;
  const { stream, sequence, deliveries, when } = advisory;
  return { flow, application, stream, sequence, deliveries, when, ...ending };
}

function endingOf({ kind, reason }: Advisory): Pick<Settled, 'how' | 'reason'> | undefined {
  if (kind === 'acknowledged') return { how: 'acknowledged', reason: '' };
  if (kind === 'max-deliver') return { how: 'exhausted', reason: 'exhausted' };
  if (kind !== 'terminated') return undefined;
  if (limitReasons.includes(reason)) return { how: 'discarded', reason };
  return { how: reason === 'expired' ? 'expired' : 'rejected', reason };
}

/** Headers of the messages that were accepted, by flow and sequence. */
export class Envelopes {
  readonly #byFlow = new Map<string, Map<number, Envelope>>();

  remember(flow: Flow, sequence: number, envelope: Envelope): void {
    let envelopes = this.#byFlow.get(flow.id);
    if (envelopes === undefined) this.#byFlow.set(flow.id, (envelopes = new Map<number, Envelope>()));
    envelopes.set(sequence, envelope);
    const oldest = envelopes.size > rememberedMessages ? envelopes.keys().next().value : undefined;
    if (oldest !== undefined) envelopes.delete(oldest);
  }

  recall(flow: Flow, sequence: number): Envelope | undefined {
    return this.#byFlow.get(flow.id)?.get(sequence);
  }
}

type ReadMessage = (stream: string, sequence: number) => Promise<StoredMessage | undefined>;

/** The changes of custody of a service's flows, described from what the bus can know without content. */
export class Custody {
  readonly #service: Service;
  readonly #read: ReadMessage;

  constructor(service: Service, read: ReadMessage) {
    this.#service = service;
    this.#read = read;
  }

  /** A message entered its stream: sent by an application, or put back for one of them. */
  entered(flow: Flow, stream: string, sequence: number, envelope: Envelope, when: string): Change {
    const { subject, headers } = envelope;
    const replayed = replayedFor(subject);
    const change = replayed === undefined ? 'accepted' : 'replayed';
    const published = publishedSubject(flow, subject);
    return this.#change(`${change} ${stream} ${sequence}`, stream, sequence, {
      ...described(flow, stream, sequence, headers),
      change,
      when,
      from: replayed === undefined ? senderOf(flow, headers) : (headers[replayHeaders.by] ?? ''),
      to:
        replayed === undefined
          ? flow.receivers
              .filter((receiver) => entitled(flow, receiver, published))
              .map(({ application }) => application)
          : [replayed],
      application: replayed ?? '',
      // Of a replay the dead letter that was put back.
      reason: headers[replayHeaders.deadLetter] ?? '',
    });
  }

  /** An application is done with a message. */
  settled(settled: Settled, envelope: Envelope | undefined): Change {
    const { flow, application, stream, sequence, how, reason, deliveries, when } = settled;
    return this.#change(`settled ${stream} ${application} ${sequence}`, stream, sequence, {
      ...described(flow, stream, sequence, envelope?.headers ?? {}),
      change: 'settled',
      when,
      from: 'bus',
      to: [application],
      application,
      how,
      reason,
      deliveries,
    });
  }

  /** The message lies with the dead letters, at `letter`; `stream` and `sequence` are where it lay before. */
  deadLettered(letter: number, given: Omit<Settled, 'how'>, headers: Envelope['headers']): Change {
    const { flow, application, stream, sequence, reason, deliveries, when } = given;
    return this.#change(`dead-lettered ${letter}`, stream, sequence, {
      ...described(flow, stream, sequence, headers),
      change: 'dead-lettered',
      when,
      from: application,
      to: ['dead letters'],
      application,
      reason,
      deliveries,
    });
  }

  /** A request was answered, or found nobody to answer it. `advisory` is the sequence of the server's report on it. */
  answered(subject: string, report: Advisory, advisory: number): Change | undefined {
    const flow = this.#service.flows.find((candidate) => latencySubject(candidate) === subject);
    if (flow === undefined) return undefined;
    const answerer = flow.receivers.find(({ application }) => report.responder.startsWith(application))?.application;
    return this.#change(`answered ${advisory}`, '', 0, {
      ...described(flow, '', 0, {}),
      change: 'answered',
      when: report.when,
      trace: report.trace,
      from: answerer ?? 'bus',
      to: flow.senders,
      application: answerer ?? '',
      reason: String(report.status),
    });
  }

  #change(name: Change['name'], stream: string, sequence: number, entry: AuditEntry): Change {
    return { name, entry, message: () => (stream === '' ? Promise.resolve(undefined) : this.#read(stream, sequence)) };
  }
}

function described(
  flow: Flow,
  stream: string,
  sequence: number,
  headers: Envelope['headers'],
): Omit<AuditEntry, 'change' | 'when' | 'from' | 'to'> {
  return {
    flow: flow.id,
    stream,
    sequence,
    id: headers['ce-id'] ?? '',
    source: headers['ce-source'] ?? '',
    type: headers['ce-type'] ?? '',
    correlation: headers['ce-correlationid'] ?? '',
    classification: headers['ce-classification'] ?? '',
    trace: headers['traceparent'] ?? '',
    application: '',
    how: '',
    deliveries: 0,
    reason: '',
  };
}

/** Who published: the bus does not note the user, so that it is the only sender, or the one that the source names. */
function senderOf(flow: Flow, headers: Envelope['headers']): string {
  const source = headers['ce-source'] ?? '';
  const named = flow.senders.find((sender) => source.endsWith(`:${sender}`));
  return named ?? (flow.senders.length === 1 ? (flow.senders[0] ?? source) : source);
}
