import { createHash } from 'node:crypto';
import type { ApplicationAnswer, OfferedContent } from '../patterns/application.ts';
import type { RowOf } from '../model/history.ts';
import { NONE } from '../model/table.ts';
import type { ContentFault, PlannedContent } from '../model/workload.ts';
import { delay } from './clock.ts';
import type { TrialState } from './trial-state.ts';

/** At which distance the way of a content is written down. */
const transferStepBytes = 256 * 1024;

/** Contents of bundles as an application has them: those that it offers, and those that were staged with it. */
export class PlayedContents {
  readonly #application: string;
  readonly #state: TrialState;
  /** `<event id>/<item>` → whether the content was staged whole. */
  readonly #staged = new Map<string, boolean>();
  /** `<event id>/<item>` → how often the application was asked for the content, or given it. */
  readonly #times = new Map<string, number>();

  constructor(application: string, state: TrialState) {
    this.#application = application;
    this.#state = state;
  }

  /** Whether every content of a bundle was staged whole; unknown where it is none. */
  areIntact(id: string, message: number): 'unknown' | 'no' | 'yes' {
    const contents = this.#state.planned.list[message]?.message.contents;
    if (contents === undefined) return 'unknown';
    return contents.every((_, item) => this.#staged.get(`${id}/${String(item)}`) === true) ? 'yes' : 'no';
  }

  /** What the application offers as an item of its bundle: the true bytes, or what the workload says is wrong with them. */
  offered(eventId: string, item: number, instance: number): OfferedContent {
    const { planned } = this.#state;
    const bundle = planned.list.find(({ message }) => message.id === eventId);
    const spec = bundle && planned.contentSpec(bundle.index, item);
    if (bundle === undefined || spec === undefined || spec.fault === 'absent') return { status: 404 };
    const said = this.#answerTo(eventId, item, spec);
    if (said !== undefined) return { status: said };
    const content = damaged(planned.content(bundle.index, item), spec.fault);
    return { status: 200, content: this.#followed(content, { instance, way: 'taken', message: bundle.index, item }) };
  }

  /** What the workload has the application answer this time; undefined where it gives or takes the content. */
  #answerTo(eventId: string, item: number, { answers = [], fault }: PlannedContent): number | undefined {
    const name = `${eventId}/${String(item)}`;
    const time = this.#times.get(name) ?? 0;
    this.#times.set(name, time + 1);
    return answers[time] ?? (fault === 'refused' ? answers.at(-1) : undefined);
  }

  /** Writes down how far a content has come, as it is taken. */
  async *#followed(
    content: AsyncIterable<Uint8Array>,
    what: Pick<RowOf<'transfer'>, 'instance' | 'way' | 'message' | 'item'>,
  ): AsyncGenerator<Uint8Array> {
    const { history, clock } = this.#state;
    const say = (bytes: number): void =>
      void history.append('transfer', { at: clock.now(), application: this.#application, ...what, bytes });
    let [bytes, told] = [0, 0];
    for await (const chunk of content) {
      yield chunk;
      bytes += chunk.length;
      if (bytes - told < transferStepBytes) continue;
      told = bytes;
      say(bytes);
    }
    if (bytes > told) say(bytes);
  }

  async stage(
    eventId: string,
    item: number,
    content: AsyncIterable<Uint8Array>,
    instance: number,
  ): Promise<ApplicationAnswer> {
    const { planned, history, clock } = this.#state;
    const message = planned.list.find((candidate) => candidate.message.id === eventId)?.index ?? NONE;
    const spec = planned.contentSpec(message, item);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of this.#followed(content, { instance, way: 'given', message, item })) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    const said = spec && this.#answerTo(eventId, item, spec);
    const intact =
      spec !== undefined &&
      said === undefined &&
      bytes === spec.bytes &&
      hash.digest('hex') === planned.contentDigest(message, item);
    this.#staged.set(`${eventId}/${String(item)}`, intact);
    history.append('content', {
      at: clock.now(),
      where: 'application',
      application: this.#application,
      message,
      item,
      bytes,
      intact: intact ? 'yes' : 'no',
    });
    await delay(spec?.takesMs ?? 0, this.#state.signal);
    return { status: said ?? 204 };
  }
}

export async function* damaged(
  content: AsyncIterable<Uint8Array>,
  fault: ContentFault | undefined,
): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of content) {
    if (first && (fault === 'digest' || fault === 'bytes')) {
      const flipped = Uint8Array.from(chunk);
      flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
      yield flipped;
    } else if (first && fault === 'size') yield chunk.subarray(0, chunk.length - 1);
    else yield chunk;
    first = false;
  }
}
