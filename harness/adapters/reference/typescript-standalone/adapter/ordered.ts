import { jetstream } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';

import { publishWaitMs } from './bus.ts';
import type { Event } from './event.ts';
import { acknowledge, Receiver, terminate, type Verdict } from './receive.ts';

/** Ordered stream: what of each key was accepted last outlives the adapter (R4). */
export class OrderedReceiver extends Receiver {
  #bucket: KV | undefined;

  override async open(): Promise<void> {
    // The application may take half of the ack wait; the other half is left for its place to be kept.
    const timeout = Math.min(publishWaitMs, this.flow.ackWaitMs / 2);
    const client = jetstream(this.context.bus.connection, { checkAPI: false, timeout });
    this.#bucket = await new Kvm(client).open(this.flow.x.state ?? '', { allow_direct: true });
    await super.open();
  }

  protected override async admit(event: Event): Promise<Verdict | undefined> {
    const [sequence, last] = [sequenceOf(event), await this.#last(event)];
    if (sequence <= last) return acknowledge;
    return sequence === last + 1 ? undefined : terminate('gap');
  }

  protected override async accepted(event: Event, before: boolean): Promise<void> {
    if (before && sequenceOf(event) <= (await this.#last(event))) return;
    await this.#bucket?.put(this.#key(event), event.get('ce-sequence'));
  }

  async #last(event: Event): Promise<number> {
    return Number((await this.#bucket?.get(this.#key(event)))?.string() ?? 0);
  }

  #key(event: Event): string {
    return `${this.context.bus.application}.${event.get('ce-partitionkey')}`;
  }
}

const sequenceOf = (event: Event): number => Number(event.get('ce-sequence'));
