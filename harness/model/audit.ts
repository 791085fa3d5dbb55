import { isJsonObject, type JsonValue } from './json.ts';

export const custodyChanges = ['accepted', 'settled', 'dead-lettered', 'replayed', 'answered'] as const;
export type CustodyChange = (typeof custodyChanges)[number];
export const settlements = ['acknowledged', 'rejected', 'expired', 'exhausted', 'discarded'] as const;
/** `discarded`: the stream let go of the message by its own limits before anybody settled it. */
export type Settlement = (typeof settlements)[number];

/** One change of custody: who, to whom, when, what. Never content, nor a digest of any. */
export interface AuditEntry {
  readonly change: CustodyChange;
  /** When the bus says it happened, RFC 3339. */
  readonly when: string;
  readonly flow: string;
  /** Where the message lies: stream and sequence; '' and 0 for an answered request, which lies nowhere. */
  readonly stream: string;
  readonly sequence: number;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly correlation: string;
  readonly classification: string;
  readonly trace: string;
  /** Who handed it over: the sending application, `bus`, or the identity that had it replayed. */
  readonly from: string;
  /** Who has it now, or was offered it: applications, or `dead letters`. */
  readonly to: readonly string[];
  /** The subscriber that settled it; '' where the change is nobody's in particular. */
  readonly application: string;
  readonly how: Settlement | '';
  readonly deliveries: number;
  readonly reason: string;
}

/** An entry in the chain. Stored as canonical JSON; the hash of a record is the SHA-256 of that text, in hex. */
export interface AuditRecord extends AuditEntry {
  /** Counts from 1 without a gap. */
  readonly number: number;
  /** Hash of the record before; `firstLink` for record 1. */
  readonly previous: string;
}

export const firstLink = '0'.repeat(64);

/** The chain's head at a moment, signed and kept outside of the audit stream. */
export interface AuditAnchor {
  /** Records in the chain. */
  readonly number: number;
  /** Hash of the last of them. */
  readonly head: string;
  /** Written when the recorder ended: nothing may follow it. */
  readonly final: boolean;
}

export interface SignedAnchor extends AuditAnchor {
  /** Ed25519 over the canonical JSON of the anchor alone, in base64url. */
  readonly signature: string;
}

/** JSON with the members of every object in the order of their names and no blanks: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** What an anchor's signature is over. */
export function anchorText({ number, head, final }: AuditAnchor): string {
  return canonicalJson({ number, head, final });
}

/** A record from its text; undefined for anything that is none. Members that a record does not have are let through. */
export function parseAuditRecord(text: string): AuditRecord | undefined {
  const members = parseObject(text);
  if (members === undefined) return undefined;
  const string = (name: string): string => (typeof members[name] === 'string' ? members[name] : '');
  const count = (name: string): number => (typeof members[name] === 'number' ? members[name] : 0);
  const change = custodyChanges.find((word) => word === members['change']);
  if (change === undefined || typeof members['number'] !== 'number' || typeof members['previous'] !== 'string')
    return undefined;
  const to = Array.isArray(members['to']) ? (members['to'] as readonly JsonValue[]) : [];
  return {
    number: count('number'),
    previous: string('previous'),
    change,
    when: string('when'),
    flow: string('flow'),
    stream: string('stream'),
    sequence: count('sequence'),
    id: string('id'),
    source: string('source'),
    type: string('type'),
    correlation: string('correlation'),
    classification: string('classification'),
    trace: string('trace'),
    from: string('from'),
    to: to.filter((name) => typeof name === 'string'),
    application: string('application'),
    how: settlements.find((word) => word === members['how']) ?? '',
    deliveries: count('deliveries'),
    reason: string('reason'),
  };
}

export function parseSignedAnchor(text: string): SignedAnchor | undefined {
  const members = parseObject(text);
  if (members === undefined) return undefined;
  const { number, head, final, signature } = members;
  if (typeof number !== 'number' || typeof head !== 'string' || typeof final !== 'boolean') return undefined;
  return typeof signature === 'string' ? { number, head, final, signature } : undefined;
}

function parseObject(text: string): Readonly<Record<string, JsonValue>> | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
