import type { Flow, Receiver } from './flow.ts';
import { valuesAt, type JsonValue } from './json.ts';

/** Characters that a parameter's value may have; anything else would change the subject's shape or hide a value. */
const token = /^[A-Za-z0-9/_=-]+$/;
/** One character that no parameter's value may have. */
export const notOfSubjects = /[^A-Za-z0-9/_=-]/;

/**
 * The subject of an event of a flow: the address, its parameters filled from headers and payload.
 * Undefined where a value is absent or has a character outside `[A-Za-z0-9/_=-]`.
 */
export function subjectOf(
  flow: Flow,
  headers: Readonly<Record<string, string>>,
  payload: JsonValue,
): string | undefined {
  let subject = flow.address;
  for (const parameter of flow.parameters) {
    const value =
      parameter.location.of === 'header'
        ? headers[parameter.location.pointer.slice(1).toLowerCase()]
        : scalar(valuesAt(payload, parameter.location.pointer)[0]);
    if (value === undefined || !token.test(value)) return undefined;
    subject = subject.replace(`{${parameter.name}}`, value);
  }
  return subject;
}

/** The subject with a `*` for every parameter: what the stream binds, and what a sender may publish to. */
export function wildcardOf(flow: Flow): string {
  return flow.address.replaceAll(/\{[^}]+\}/g, '*');
}

/** The subjects that a receiver's filter lets through, before any partition prefix. */
export function filterSubjects(flow: Flow, receiver: Receiver): readonly string[] {
  let subjects = [flow.address];
  for (const parameter of flow.parameters) {
    const values = receiver.filter[parameter.name] ?? ['*'];
    subjects = subjects.flatMap((subject) => values.map((value) => subject.replace(`{${parameter.name}}`, value)));
  }
  return subjects;
}

/** Whether a concrete subject (before any partition prefix) is one that the receiver is entitled to. */
export function entitled(flow: Flow, receiver: Receiver, subject: string): boolean {
  return filterSubjects(flow, receiver).some((filter) => subjectMatches(filter, subject));
}

/** Whether a subject meets a NATS filter with `*` and `>`. */
export function subjectMatches(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const given = subject.split('.');
  for (const [at, part] of wanted.entries()) {
    if (part === '>') return given.length > at;
    if (part !== '*' && part !== given[at]) return false;
  }
  return wanted.length === given.length;
}

function scalar(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
