import { hash } from 'node:crypto';

import { messageIdOf, type CloudEvent } from '../model/event.ts';

/** Most events remembered; the oldest go first. */
export const memoryLimit = 10_000;

/** The events that were accepted while this adapter lived: source and id, with a digest of type and body. Never written anywhere. */
export class Memory {
  readonly #digests = new Map<string, string>();

  /** Whether the event is known: `same` type and body, `other` content, or `unknown` source and id. */
  recall(event: CloudEvent): 'unknown' | 'same' | 'other' {
    const known = this.#digests.get(messageIdOf(event));
    if (known === undefined) return 'unknown';
    return known === digestOf(event) ? 'same' : 'other';
  }

  remember(event: CloudEvent): void {
    const id = messageIdOf(event);
    this.#digests.delete(id);
    this.#digests.set(id, digestOf(event));
    if (this.#digests.size <= memoryLimit) return;
    const [oldest] = this.#digests.keys();
    if (oldest !== undefined) this.#digests.delete(oldest);
  }
}

function digestOf({ headers, body }: CloudEvent): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${headers['ce-type'] ?? ''}\0`), body]), 'base64');
}
