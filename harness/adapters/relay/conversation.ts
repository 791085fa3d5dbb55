import { parseAckSubject, parseAckVerb } from '../../model/acknowledgement.ts';
import type { PartialRow } from '../../model/history.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { NONE } from '../../model/table.ts';
import type { ArmedFault, WireFaults } from './faults.ts';
import { FrameReader, type Frame } from './frames.ts';

/** Where the rows of one connection go, with all that they share filled in. */
export interface WireJournal {
  /** Writes a row down. Gives what changes it: the relay may have gone on to another trial by then. */
  append(row: PartialRow<'wire'>): (change: PartialRow<'wire'>) => void;
  readonly now: () => number;
  readonly application: string;
  /** The planned message with this source and id; NONE. */
  readonly identify: (source: string, id: string) => number;
}

export type Way = 'to-bus' | 'to-adapter';

interface Pending {
  readonly amend: (change: PartialRow<'wire'>) => void;
  readonly fault: ArmedFault | undefined;
}

/** Publishes without an acknowledgement that are remembered; the oldest go first. */
const mostPending = 10_000;
/** A publish acknowledgement is about 60 bytes, one with an error about 200. */
const mostAnswerBytes = 1024;
const mostVerbBytes = 256;
const mostErrorLetters = 200;

/** What one connection says, as rows of the history: facts, never content. */
export class Conversation {
  readonly #journal: WireJournal;
  readonly #faults: () => WireFaults;
  /** Reply subject → the publish that waits on it. */
  readonly #pending = new Map<string, Pending>();
  /** Reply subject of a delivery whose acknowledgement a fault waits for → its planned message. */
  readonly #inHand = new Map<string, number>();
  readonly #readers: Readonly<Record<Way, FrameReader>> = {
    'to-bus': new FrameReader((subject) => (isAcknowledgement(subject) ? mostVerbBytes : 0)),
    'to-adapter': new FrameReader((subject) => (this.#pending.has(subject) ? mostAnswerBytes : 0)),
  };

  /** The consumer about which answers are listened for, and the reply subjects on which they come; undefined for all that comes. */
  #consumer: string | undefined;
  readonly #asked = new Set<string>();

  /** An answer of the bus is waited for that is not to be passed on. */
  #withholds = false;

  constructor(journal: WireJournal, faults: () => WireFaults) {
    this.#journal = journal;
    this.#faults = faults;
  }

  /** From now on answers about a consumer (`<stream>.<consumer>`) are told from others. */
  listenFor(consumer: string | undefined): void {
    this.#consumer = consumer;
  }

  isListenedFor({ subject }: Frame): boolean {
    return this.#consumer === undefined || this.#asked.has(subject);
  }

  /** How many bytes of what has been read are to wait for the rest of their operation, which may be one that is not passed on. */
  unfinished(way: Way, holdsBack: boolean): number {
    return holdsBack || (way === 'to-adapter' && this.#withholds) ? this.#readers[way].unfinished : 0;
  }

  /** The operations that end in a chunk; to be heard one by one, each when it is passed on. */
  read(way: Way, chunk: Buffer): readonly Frame[] {
    const reader = this.#readers[way];
    const before = reader.unread;
    if (before !== undefined) return [];
    const frames = reader.push(chunk);
    const after = reader.unread;
    if (after !== undefined) this.#row({ what: 'unparsed', reason: `${way}: ${after}` });
    return frames;
  }

  /** Writes down what an operation says. Gives the fault that comes about instead of its being passed on. */
  hear(way: Way, frame: Frame): ArmedFault | undefined {
    return way === 'to-bus' ? this.#heardFromAdapter(frame) : this.#heardFromBus(frame);
  }

  #heardFromAdapter(frame: Frame): ArmedFault | undefined {
    if (frame.operation === 'CONNECT') this.#row({ what: 'connect', reason: clientOf(frame.words[0] ?? '') });
    else if (frame.operation === 'SUB') this.#row({ what: 'subscribe', subject: frame.subject });
    else if (frame.operation === 'PUB' || frame.operation === 'HPUB') return this.#published(frame);
    return undefined;
  }

  #published(frame: Frame): ArmedFault | undefined {
    const { subject, reply, bytes } = frame;
    const delivery = isAcknowledgement(subject) ? parseAckSubject(subject) : undefined;
    if (delivery !== undefined) {
      const { stream, consumer, sequence, deliveries } = delivery;
      const verb = parseAckVerb(frame.body);
      if (verb.verb === 'ack') {
        const armed = this.#faults().take(this.#inHand.get(subject) ?? NONE, this.#journal.application);
        if (armed !== undefined) return armed;
      }
      this.#row({ what: 'acknowledgement', stream, consumer, sequence, deliveries, ...verb });
      return undefined;
    }
    if (subject.startsWith('$JS.')) {
      if (this.#consumer !== undefined && subject.endsWith(`.${this.#consumer}`)) this.#asked.add(reply);
      return undefined;
    }
    const who = this.#namesOf(frame);
    const armed = this.#faults().take(who.message);
    // What comes late is heard when it is passed on.
    if (armed?.fault.kind === 'delay-publish') return armed;
    const amend = this.#row({ what: 'publish', subject, bytes, ...who, expected: expectedOf(frame), outcome: 'info' });
    if (armed?.fault.kind === 'lose-publish') return armed;
    if (armed?.fault.kind === 'withhold-acknowledgements') this.#withholds = true;
    if (reply !== '') this.#expect(reply, { amend, fault: armed });
    return undefined;
  }

  #expect(reply: string, pending: Pending): void {
    this.#pending.set(reply, pending);
    if (this.#pending.size <= mostPending) return;
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined) this.#pending.delete(oldest);
  }

  #heardFromBus(frame: Frame): ArmedFault | undefined {
    if (frame.operation === '-ERR')
      this.#row({ what: 'error', reason: (frame.words[0] ?? '').slice(0, mostErrorLetters) });
    if (frame.operation !== 'MSG' && frame.operation !== 'HMSG') return undefined;
    const pending = this.#pending.get(frame.subject);
    if (pending !== undefined) {
      // What is lost is not heard; what comes late is heard when it is passed on.
      if (pending.fault !== undefined) {
        this.#pending.set(frame.subject, { amend: pending.amend, fault: undefined });
        return pending.fault;
      }
      this.#pending.delete(frame.subject);
      const answer = answerOf(frame);
      if (answer !== undefined) pending.amend({ done: this.#journal.now(), ...answer });
    }
    this.#delivered(frame);
    return undefined;
  }

  #delivered(frame: Frame): void {
    const who = this.#namesOf(frame);
    const delivery = parseAckSubject(frame.reply);
    // What is read straight from a stream comes on the reader's inbox, and says in a header where it stood.
    const subject = headerOf(frame.headers, 'Nats-Subject') || frame.subject;
    if (delivery === undefined && !subject.startsWith(objectPrefix) && headerOf(frame.headers, 'ce-id') === '') return;
    const { stream = '', consumer = '', sequence = NONE, deliveries = 0 } = delivery ?? {};
    if (this.#faults().awaits(who.message, this.#journal.application)) this.#inHand.set(frame.reply, who.message);
    this.#row({
      what: 'delivery',
      subject,
      bytes: frame.bytes,
      ...who,
      stream,
      consumer,
      sequence,
      deliveries,
    });
  }

  #namesOf({ headers }: Frame): { readonly message: number; readonly messageId: string } {
    const [source, id] = [headerOf(headers, 'ce-source'), headerOf(headers, 'ce-id')];
    return {
      message: id === '' ? NONE : this.#journal.identify(source, id),
      messageId: headerOf(headers, 'Nats-Msg-Id'),
    };
  }

  #row(row: PartialRow<'wire'>): ReturnType<WireJournal['append']> {
    return this.#journal.append({
      at: this.#journal.now(),
      done: Number.NaN,
      message: NONE,
      expected: NONE,
      sequence: NONE,
      ...row,
    });
  }
}

const objectPrefix = '$O.';
const isAcknowledgement = (subject: string): boolean => subject.startsWith('$JS.ACK.');

/** The value of a header, its name in any case; '' for none. */
function headerOf(block: string, name: string): string {
  for (const line of block.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon === name.length && line.slice(0, colon).toLowerCase() === name.toLowerCase())
      return line.slice(colon + 1).trim();
  }
  return '';
}

function expectedOf({ headers }: Frame): number {
  const expected = headerOf(headers, 'Nats-Expected-Last-Subject-Sequence');
  return /^\d{1,9}$/.test(expected) ? Number(expected) : NONE;
}

/** What the bus answered to a publish; undefined for a reply of somebody else. */
function answerOf(frame: Frame): PartialRow<'wire'> | undefined {
  if (frame.headers !== '')
    return frame.headers.startsWith('NATS/1.0 503') ? { outcome: 'fail', reason: '503' } : undefined;
  let answer: JsonValue;
  try {
    answer = JSON.parse(frame.body) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(answer)) return undefined;
  const { error, stream, seq, duplicate } = answer;
  if (isJsonObject(error))
    return { outcome: 'fail', reason: typeof error['err_code'] === 'number' ? String(error['err_code']) : 'refused' };
  if (typeof stream !== 'string' || typeof seq !== 'number') return undefined;
  return { outcome: 'ok', stream, sequence: seq, duplicate: duplicate === true ? 'yes' : 'no' };
}

/** Language and version of the client's library, in place of all else that it says of itself. */
function clientOf(options: string): string {
  const said = (name: string): string => new RegExp(`"${name}"\\s*:\\s*"([\\w.+-]{1,32})"`).exec(options)?.[1] ?? '';
  return `${said('lang')} ${said('version')}`.trim();
}
