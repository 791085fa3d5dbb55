import { NotStored } from './bus.ts';
import type { Event } from './event.ts';
import type { Held } from './held.ts';
import { Newest, valueName } from './memory.ts';
import { stored, unavailable, type Answer } from './port.ts';
import { Receiver, type Verdict } from './receive.ts';
import { Sender } from './send.ts';
import { parseTime } from './time.ts';

const wrongLastSequence = 10_071;
/** How often a publish that lost the race for a subject starts again. */
const rounds = 10;

/** S7: an older value never takes the place of a newer one. */
export class LastValueSender extends Sender {
  protected override async store(subject: string, event: Event): Promise<Answer> {
    for (let round = 0; round < rounds; round++) {
      if (!this.bus.connected) throw new NotStored('not-connected');
      const last = await this.bus.read(this.flow.stream, { last_by_subj: subject });
      if (last?.event.messageId === event.messageId) return this.answerAgainst(event, last.event);
      if (last !== undefined && timeOf(event) <= timeOf(last.event)) return { status: 409, reason: 'superseded' };
      const expected = { 'Nats-Expected-Last-Subject-Sequence': String(last?.sequence ?? 0) };
      try {
        const { sequence, duplicate } = await this.publish(subject, event, expected);
        return duplicate ? await this.answerDuplicate(event, sequence) : stored;
      } catch (error) {
        if (!(error instanceof NotStored) || error.code !== wrongLastSequence) throw error;
      }
    }
    return unavailable;
  }
}

const timeOf = (event: Event): number => parseTime(event.get('ce-time')) ?? 0;

/** R5: the newest of each key counts. */
export class LastValueReceiver extends Receiver {
  readonly #newest = new Newest();

  protected override lanes(event: Event): readonly string[] {
    return [...super.lanes(event), `name ${valueName(event)}`];
  }

  protected override async admit(event: Event): Promise<Verdict | undefined> {
    return this.#newest.outdated(event) ? { do: 'acknowledge', notice: 'superseded' } : undefined;
  }

  protected override handOver(held: Held): Promise<Verdict> {
    this.#newest.note(held.event);
    return super.handOver(held);
  }
}
