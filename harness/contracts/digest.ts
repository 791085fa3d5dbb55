import { createHash } from 'node:crypto';
import type { JsonValue } from '../model/json.ts';

/** JSON with the members of every object in code-unit order and no white space, as RFC 8785 has it. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value as Readonly<Record<string, JsonValue>>);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${String(part.length)}:`).update(part);
  return hash.digest('hex');
}

/** SHA-256 of a value's canonical JSON alone, in hex. */
export function jsonDigest(value: JsonValue): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
