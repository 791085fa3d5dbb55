import { accepted, rejected } from './application.ts';
import type { Event } from './event.ts';
import type { Held } from './held.ts';
import { memberOf, parseJson, scalarText, valuesAt } from './json.ts';
import { equal, Objects, type Found } from './objects.ts';
import type { Answer } from './port.ts';
import { Receiver, retry, terminate, type Verdict } from './receive.ts';
import { refuse } from './refusal.ts';
import { Sender } from './send.ts';
import { now } from './time.ts';

const contentWrong: Answer = { status: 422, reason: 'content' };

/** One entry of a manifest: what the object must be. */
interface Item {
  readonly index: number;
  readonly name: string;
  readonly expected: Found;
}

/** The event has passed the check: each item has `bytes` and `sha256`. */
function itemsOf(event: Event): readonly Item[] {
  return valuesAt(parseJson(event.body), '/manifest/*').map((item, index) => ({
    index,
    name: `${event.get('ce-id')}/${index}`,
    expected: {
      bytes: Number(memberOf(item, 'bytes')),
      sha256: (scalarText(memberOf(item, 'sha256')) ?? '').toLowerCase(),
    },
  }));
}

/** Contents go beside the bus, and before the event that names them (C1). */
export class ClaimCheckSender extends Sender {
  #objects: Objects | undefined;

  override async open(): Promise<void> {
    this.#objects = await Objects.open(this.bus, this.flow.x.bucket ?? '');
  }

  protected override async store(subject: string, event: Event): Promise<Answer> {
    // Another bundle's objects have the names of this one's: they must not be written over.
    if (this.memory.recall(event) === 'other') return this.conflict(event);
    for (const item of itemsOf(event)) if (!(await this.#stored(event, item))) return contentWrong;
    return super.store(subject, event);
  }

  /** Brings one item from the application into the bucket, whole and right. */
  async #stored(event: Event, { index, name, expected }: Item): Promise<boolean> {
    const objects = opened(this.#objects);
    if (equal(await objects.find(name), expected)) return true;
    const content = await this.application.content(event.get('ce-id'), index);
    if (content !== undefined && equal(await objects.put(name, content, expected.bytes), expected)) return true;
    await objects.remove(name);
    return false;
  }
}

/** C2, C3. */
export class ClaimCheckReceiver extends Receiver {
  #objects: Objects | undefined;

  override async open(): Promise<void> {
    this.#objects = await Objects.open(this.context.bus, this.flow.x.bucket ?? '');
    await super.open();
  }

  protected override async handOver(held: Held): Promise<Verdict> {
    const { event } = held;
    const done = held.keepWorking(this.flow.ackWaitMs / 2);
    try {
      for (const item of itemsOf(event)) {
        const verdict = await this.#stage(event, item);
        if (verdict !== undefined) return verdict;
      }
      // Staging takes its time: what has expired meanwhile is not handed over either.
      return event.expired(now()) ? terminate('expired') : await this.post(event);
    } finally {
      done();
    }
  }

  /** The verdict where the bundle cannot be handed over. */
  async #stage(event: Event, { index, name, expected }: Item): Promise<Verdict | undefined> {
    const objects = opened(this.#objects);
    if (equal(await objects.find(name), expected)) {
      const staged = await this.context.application.stage(event.get('ce-id'), index, objects.read(name));
      if (accepted(staged)) return undefined;
      if (!rejected(staged)) return retry;
    }
    return (await refuse(this.context, this.flow, event, 'content')) ? terminate('content') : retry;
  }
}

function opened(objects: Objects | undefined): Objects {
  if (objects === undefined) throw new TypeError('not open');
  return objects;
}
