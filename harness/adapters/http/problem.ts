import { problemFaults } from '../../model/problem-details.ts';

const prefix = 'urn:busworthy:';

/** What an adapter says beside a status that is neither 200 nor 202. The words are known ones, so that none of them can be content. */
const reasons: ReadonlySet<string> = new Set([
  'conflict',
  'conflict-unknown',
  'content',
  'expired',
  'invalid',
  'no-reply',
  'no-responder',
  'not-binary',
  'not-connected',
  'refused',
  'superseded',
  'too-large',
  'unacknowledged',
  'unavailable',
  'unknown-type',
]);

export const problemType = 'application/problem+json';

/** Problem details (RFC 9457) without content. */
export function problemOf(status: number, reason: string): Uint8Array {
  return Buffer.from(JSON.stringify({ type: `${prefix}${reason}`, title: reason.replaceAll('-', ' '), status }));
}

/** The reason in problem details; what is wrong with them where there is none. */
export function reasonIn(contentType: string | undefined, body: Uint8Array): string {
  if (!/^application\/problem\+json\s*(;|$)/i.test(contentType ?? '')) return problemFaults.otherType;
  try {
    const { type } = JSON.parse(Buffer.from(body).toString()) as { readonly type?: unknown };
    if (typeof type !== 'string' || !type.startsWith(prefix)) return problemFaults.noReason;
    const reason = type.slice(prefix.length);
    return reasons.has(reason) ? reason : 'a reason of its own';
  } catch {
    return problemFaults.unreadable;
  }
}
