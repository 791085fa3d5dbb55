import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

import type { DeliveryInfo } from '../model/acknowledgement.ts';
import { parseAuditRecord, parseSignedAnchor, type SignedAnchor } from '../model/audit.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import { anchorBucket, busStreams, keyValueStream } from '../model/names.ts';
import type { PlannedEvents } from '../model/planned.ts';
import { payloadOf } from '../model/payload.ts';
import type { ChainVerifier } from './audit-chain.ts';
import { outsideOf } from './headers.ts';
import { trouble, type Observation } from './observation.ts';
import { DigestDictionary } from './scan/dictionary.ts';
import { NONE } from '../model/table.ts';

const says = (holds: boolean): 'no' | 'yes' => (holds ? 'yes' : 'no');

/** Reads the audit trail as it grows, and its anchors at the end. */
export class AuditObserver {
  readonly #observation: Observation;
  readonly #verifier: ChainVerifier;
  readonly #dictionary: DigestDictionary;
  /** `traceparent` → the planned event that alone has it. */
  readonly #byTrace: ReadonlyMap<string, number>;

  constructor(observation: Observation, verifier: ChainVerifier) {
    this.#observation = observation;
    this.#verifier = verifier;
    this.#dictionary = new DigestDictionary(guessable(observation.planned));
    this.#byTrace = traces(observation.planned);
  }

  /** Last record of the trials before. */
  get #start(): number {
    return this.#observation.before.starts.get(busStreams.audit) ?? 0;
  }

  record(message: Msg, info: DeliveryInfo): void {
    const { history, now, scanner, artefacts, planned, before } = this.#observation;
    const text = Buffer.from(message.data).toString('utf8');
    const linked = this.#verifier.follow(text, info.sequence);
    if (info.sequence <= this.#start) return;
    const whole = `${outsideOf(message.subject, {})}\n${text}`;
    artefacts.add('audit', whole);
    const record = parseAuditRecord(text);
    const facts = {
      at: now(),
      sequence: info.sequence,
      chain: says(linked),
      canary: says(scanner.hit(text)),
      digest: says(this.#dictionary.attack(text).length > 0),
    };
    if (record === undefined) {
      history.append('audit', { ...facts, change: 'unknown' });
      return;
    }
    const request = record.change === 'answered' ? planned.list[this.#byTrace.get(record.trace) ?? NONE] : undefined;
    // That nobody waits any more for an answer is told late: once the connection of who asked ends, which may be in a later trial.
    const isOfBefore = request === undefined && record.change === 'answered' && before.traces.has(record.trace);
    history.append('audit', {
      ...facts,
      number: record.number,
      change: record.change,
      stream: record.stream,
      streamSequence: record.sequence,
      flow: isOfBefore ? '' : record.flow,
      application: record.application,
      how: record.how,
      deliveries: record.deliveries,
      id: request?.event.headers['ce-id'] ?? record.id,
      source: request?.event.headers['ce-source'] ?? record.source,
      reason: record.reason,
      trace: record.trace,
    });
  }

  /** Reads the anchors, once nothing more is recorded. */
  async anchors(connection: NatsConnection): Promise<void> {
    const { history, now } = this.#observation;
    const before = this.#observation.before.buckets.get(keyValueStream(anchorBucket)) ?? 0;
    for (const anchor of await readAnchors(connection, before)) {
      if (anchor === undefined) {
        trouble(this.#observation, 'anchors of the audit trail', 'one of them is no anchor');
        continue;
      }
      const { signed, met } = this.#verifier.anchor(anchor);
      history.append('anchor', {
        at: now(),
        number: anchor.number,
        signature: says(signed),
        head: says(met),
        // A final anchor that records follow is not the end of the trail.
        final: says(anchor.final && anchor.number === this.#verifier.records),
      });
    }
  }
}

async function readAnchors(connection: NatsConnection, after: number): Promise<readonly (SignedAnchor | undefined)[]> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const stream = keyValueStream(anchorBucket);
  const { state } = await manager.streams.info(stream);
  const found: (SignedAnchor | undefined)[] = [];
  for (
    let sequence = Math.max(state.first_seq, after + 1);
    sequence <= state.last_seq && state.messages > 0;
    sequence++
  ) {
    try {
      const message = await manager.streams.getMessage(stream, { seq: sequence });
      if (message !== null) found.push(parseSignedAnchor(message.string()));
    } catch (cause) {
      if (!(cause instanceof JetStreamApiError && cause.status === 404)) throw cause;
    }
  }
  return found;
}

/** What somebody could try: every value of a payload, and whole bodies. What travels in the headers is no secret. */
function* guessable(planned: PlannedEvents): Generator<string | Uint8Array> {
  for (const { event } of planned.list) {
    yield event.body;
    const open = new Set(Object.values(event.headers));
    for (const value of scalarsOf(payloadOf(event))) if (!open.has(value)) yield value;
  }
}

function scalarsOf(value: JsonValue): readonly string[] {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(scalarsOf);
  if (isJsonObject(value)) return Object.values(value).flatMap(scalarsOf);
  if (typeof value === 'string') return [value, JSON.stringify(value)];
  return typeof value === 'number' ? [String(value)] : [];
}

function traces(planned: PlannedEvents): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  for (const { index, event } of planned.list) {
    const trace = event.headers['traceparent'] ?? '';
    if (found.has(trace)) twice.add(trace);
    found.set(trace, index);
  }
  for (const trace of twice) found.delete(trace);
  return found;
}
