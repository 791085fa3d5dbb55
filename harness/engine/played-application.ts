import { setImmediate } from 'node:timers/promises';
import type { Application, ApplicationAnswer } from '../patterns/application.ts';
import { parseTime, type CloudEvent } from '../model/event.ts';
import { NONE } from '../model/table.ts';
import type { ScriptedAnswer } from '../model/workload.ts';
import { deliveredFacts, type FactSteps } from '../observe/facts.ts';
import type { Validators } from '../observe/validators.ts';
import { delay } from './clock.ts';
import { PlayedContents } from './played-contents.ts';
import { deliveredKey, problem, type TrialState } from './trial-state.ts';

/** Handing-overs to one application in a trial after which its adapter is taken for one that never stops. */
const mostHandovers = (messages: number): number => 2000 + 20 * messages;

const accepted: ScriptedAnswer = { status: 200 };
const unreached: ApplicationAnswer = { status: 0 };

/** From start to end of one instance of an adapter; over from the moment of its crash. */
export interface Life {
  over: boolean;
}

/** What an application remembers, whichever of its adapter's instances hands something over. */
export class PlayedApplication {
  readonly name: string;
  readonly #state: TrialState;
  readonly #validators: Validators;
  readonly #facts: FactSteps;
  readonly #crash: (instance: number) => Promise<void>;
  readonly #flooded: (instance: number, handovers: number) => void;
  #handovers = 0;
  /** Source and id → handing-overs so far. */
  readonly #times = new Map<string, number>();
  /** Source and id of what it has taken as an effect. */
  readonly #effects = new Set<string>();
  /** Messages whose handing-over brought a scripted crash about, and when. */
  readonly #crashed = new Map<number, number>();
  readonly #contents: PlayedContents;

  constructor(options: {
    name: string;
    state: TrialState;
    validators: Validators;
    facts: FactSteps;
    crash: (instance: number) => Promise<void>;
    /** Hears, once, of an adapter that hands over without end. */
    flooded: (instance: number, handovers: number) => void;
  }) {
    this.name = options.name;
    this.#state = options.state;
    this.#contents = new PlayedContents(options.name, options.state);
    this.#validators = options.validators;
    this.#facts = options.facts;
    this.#crash = options.crash;
    this.#flooded = options.flooded;
  }

  /** The application as one life of one instance of its adapter meets it. A dead one reaches nobody. */
  behind(instance: number, life: Life): Application {
    return {
      deliver: (event, timeLimitMs, gone) => this.#deliver(event, timeLimitMs, gone, instance, life),
      content: (eventId, item) =>
        Promise.resolve(life.over ? unreached : this.#contents.offered(eventId, item, instance)),
      stage: (eventId, item, content) =>
        life.over ? Promise.resolve(unreached) : this.#contents.stage(eventId, item, content, instance),
    };
  }

  async #deliver(
    event: CloudEvent,
    timeLimitMs: number,
    gone: AbortSignal | undefined,
    instance: number,
    life: Life,
  ): Promise<ApplicationAnswer> {
    if (life.over) return unreached;
    const { history, clock, planned, progress, changes, witness } = this.#state;
    const most = mostHandovers(planned.list.length);
    if (++this.#handovers > most) {
      if (this.#handovers === most + 1) this.#flooded(instance, most);
      return unreached;
    }
    const source = event.headers['ce-source'] ?? '';
    const id = event.headers['ce-id'] ?? '';
    const key = `${source} ${id}`;
    const message = planned.identify(source, id, event.body, event.headers['ce-type']);
    witness?.saw({ where: 'delivered', message, event });
    const time = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, time);
    const answer = this.#answerTo(message, time);
    const expires = parseTime(event.headers['ce-expirytime']);
    const lateMs = expires === undefined ? 0 : clock.wall() - expires;
    const row = history.append('delivery', {
      at: clock.now(),
      message,
      id,
      source,
      type: event.headers['ce-type'] ?? '',
      flow: planned.list[message]?.message.flow ?? this.#flowOfType(event),
      application: this.name,
      instance,
      time,
      outcome: 'info',
      lateMs,
      expired: expires === undefined ? 'unknown' : lateMs > 0 ? 'yes' : 'no',
      contentsIntact: this.#contents.areIntact(id, message),
      reply: answer.reply ?? NONE,
      ...deliveredFacts(this.#facts, this.#validators, planned.list[message], event),
    });
    progress.inHand++;
    if (answer.crash !== undefined) this.#crashed.set(message, clock.now());
    const call = { abandoned: false, mayHangUp: gone !== undefined, life };
    const responding = this.#respond(event, answer, row, key, instance, call)
      .catch((cause: unknown) => {
        problem(this.#state, `application ${this.name}`, cause);
        return { status: 500 };
      })
      .finally(() => {
        progress.inHand--;
        const answered = deliveredKey(this.name, message);
        progress.delivered.set(answered, (progress.delivered.get(answered) ?? 0) + 1);
        changes.changed();
      });
    // An adapter that gives up waiting, or hangs up, does not stop the application.
    const giveUp = new AbortController();
    const waiting = gone === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, gone]);
    const abandoned = delay(timeLimitMs, waiting).then(() => {
      call.abandoned = true;
      return { status: 0 };
    });
    const first = await Promise.race([responding, abandoned]);
    giveUp.abort();
    return first;
  }

  async #respond(
    event: CloudEvent,
    answer: ScriptedAnswer,
    row: number,
    key: string,
    instance: number,
    call: { readonly abandoned: boolean; readonly mayHangUp: boolean; readonly life: Life },
  ): Promise<ApplicationAnswer> {
    const { history, clock, signal } = this.#state;
    if (answer.crash === 'before-effect') {
      if (!call.life.over) await this.#crash(instance);
      history.amend('delivery', row, { done: clock.now(), outcome: 'info', status: 0, effect: 'no' });
      return { status: 0 };
    }
    await delay(answer.delayMs ?? 0, signal);
    const takes = answer.status >= 200 && answer.status < 300;
    const effect = takes && !this.#effects.has(key);
    if (effect) this.#effects.add(key);
    if (answer.crash === 'after-effect' && !call.life.over) await this.#crash(instance);
    // An adapter that has hung up already is known to have done so a turn later, where what it sent has waited to be read.
    if (call.mayHangUp) for (let turn = 0; turn < 2; turn++) await setImmediate();
    const heard = answer.crash === undefined && !call.abandoned && !call.life.over;
    history.amend('delivery', row, {
      done: clock.now(),
      outcome: heard ? 'ok' : 'info',
      status: heard ? answer.status : 0,
      effect: effect ? 'yes' : 'no',
    });
    if (!heard) return { status: 0 };
    const reply = answer.reply === undefined ? undefined : this.#state.planned.list[answer.reply]?.event;
    return reply === undefined ? { status: answer.status } : { status: answer.status, event: answered(event, reply) };
  }

  /** Writes down each crash that the script has, and whether it came about: a fault that never was proves nothing. */
  journalCrashes(): void {
    const { history, clock, workload } = this.#state;
    for (const { application, message, answers } of workload.scripts) {
      if (application !== this.name || answers.every((answer) => answer.crash === undefined)) continue;
      const at = this.#crashed.get(message);
      history.append('fault', {
        at: at ?? clock.now(),
        done: at ?? clock.now(),
        kind: 'crash',
        target: application,
        took: at === undefined ? 'no' : 'yes',
      });
    }
  }

  #answerTo(message: number, time: number): ScriptedAnswer {
    const script = this.#state.workload.scripts.find(
      (candidate) => candidate.application === this.name && candidate.message === message,
    );
    return script?.answers[Math.min(time, script.answers.length) - 1] ?? accepted;
  }

  #flowOfType(event: CloudEvent): string {
    const type = event.headers['ce-type'] ?? '';
    return this.#state.service.flows.find((flow) => flow.messages.some((message) => message.name === type))?.id ?? '';
  }
}

/** A planned reply, made an answer to this request: its causation is the request, its correlation the request's own. */
export function answered(request: CloudEvent, reply: CloudEvent): CloudEvent {
  const headers: Record<string, string> = { ...reply.headers, 'ce-causationid': request.headers['ce-id'] ?? '' };
  // A reply that is to lack its correlation goes without.
  if (headers['ce-correlationid'] !== undefined)
    headers['ce-correlationid'] = request.headers['ce-correlationid'] ?? '';
  return { body: reply.body, headers };
}
