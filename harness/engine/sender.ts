import type { SendAnswer } from '../patterns/application.ts';
import { messagesOf, type Flow } from '../model/flow.ts';
import type { RowOf } from '../model/history.ts';
import { NONE } from '../model/table.ts';
import type { PlannedEvent } from '../model/planned.ts';
import type { Step } from '../model/workload.ts';
import { deliveredFacts, type FactSteps } from '../observe/facts.ts';
import { faultsOfRefusal } from '../observe/made-refusal.ts';
import type { Validators } from '../observe/validators.ts';
import { delay } from './clock.ts';
import { answered } from './played-application.ts';
import type { Instances } from './instances.ts';
import { refusalReason } from './refusal-reason.ts';
import { problem, type TrialState } from './trial-state.ts';

/** Pause before an application sends again after a 5xx, in milliseconds. */
const repeatAfterMs = 100;
/** Most tries of one event by its application. */
const maxTries = 20;

type SendOptions = Pick<Extract<Step, { do: 'send' }>, 'instance' | 'persist' | 'hangUpMs'>;

/** The sending side of the applications: one row for each try, the same event again after 5xx. */
export class Sender {
  readonly #state: TrialState;
  readonly #instances: Instances;
  readonly #validators: Validators;
  readonly #facts: FactSteps;

  constructor(options: { state: TrialState; instances: Instances; validators: Validators; facts: FactSteps }) {
    this.#state = options.state;
    this.#instances = options.instances;
    this.#validators = options.validators;
    this.#facts = options.facts;
  }

  async send(message: number, intended: number, options: SendOptions): Promise<void> {
    const { planned, service, workload, signal } = this.#state;
    const event = planned.list[message];
    const flow = service.flows.find((candidate) => candidate.id === event?.message.flow);
    if (event === undefined || flow === undefined)
      throw new RangeError(`the workload has no message ${String(message)}`);
    const persist = (options.persist ?? true) && options.hangUpMs === undefined && flow.delivery === 'at-least-once';
    const giveUpAt = this.#state.clock.now() + workload.limitMs;
    for (let tries = 1; ; tries++) {
      const status = await this.#try(event, flow, intended, options);
      if (status < 500 || !persist || tries === maxTries || signal.aborted) return;
      if (this.#state.clock.now() > giveUpAt) return;
      await delay(repeatAfterMs, signal);
    }
  }

  async #try(
    event: PlannedEvent,
    flow: Flow,
    intended: number,
    { instance = 0, hangUpMs }: SendOptions,
  ): Promise<number> {
    const { history, clock, changes, progress, workload } = this.#state;
    const { application } = event.message;
    const live = (): boolean => this.#instances.get(application, instance) !== undefined;
    const ready = await changes.until(live, workload.limitMs, this.#state.signal);
    const row = history.append('send', {
      at: clock.now(),
      intended,
      message: event.index,
      application,
      instance,
      outcome: 'info',
      reply: NONE,
    });
    const endpoint = this.#instances.get(application, instance);
    if (!ready || endpoint === undefined) {
      history.amend('send', row, { done: clock.now(), outcome: 'fail', reason: 'no instance to send through' });
      problem(this.#state, `send by ${application}`, 'no instance of its adapter was there');
      return 0;
    }
    let answer: SendAnswer;
    try {
      const gone = hangUpMs === undefined ? undefined : new AbortController();
      answer = await this.#answerOf(endpoint.send(event.event, gone?.signal), hangUpMs);
      gone?.abort();
    } catch (cause) {
      problem(this.#state, `endpoint of ${application}`, cause);
      answer = { status: 500, reason: 'the endpoint threw' };
    }
    history.amend('send', row, {
      done: clock.now(),
      outcome: outcomeOf(answer.status),
      status: answer.status,
      reason: answer.reason,
      ...this.#replyColumns(event, flow, answer),
    });
    if (answer.status >= 200 && answer.status < 300 && !progress.sentAt.has(event.index)) {
      progress.sentAt.set(event.index, clock.now());
    }
    progress.answered.add(event.index);
    changes.changed();
    return answer.status;
  }

  /** An adapter that never answers holds up nothing but its own event: the outcome is unknown. So it is where its application hangs up. */
  async #answerOf(answering: Promise<SendAnswer>, hangUpMs: number | undefined): Promise<SendAnswer> {
    const { workload, signal } = this.#state;
    const ended = new AbortController();
    const giveUp = async (): Promise<SendAnswer> => {
      await delay(hangUpMs ?? workload.limitMs, AbortSignal.any([signal, ended.signal]));
      const reason =
        hangUpMs === undefined ? `no answer within ${String(workload.limitMs)} ms` : 'its application hung up';
      return { status: 0, reason };
    };
    try {
      return await Promise.race([answering, giveUp()]);
    } finally {
      ended.abort();
    }
  }

  #replyColumns(request: PlannedEvent, flow: Flow, answer: SendAnswer): Partial<RowOf<'send'>> {
    if (answer.event === undefined) return {};
    const { planned, service, clock } = this.#state;
    const { headers, body } = answer.event;
    const reply = this.#state.planned.identify(headers['ce-source'] ?? '', headers['ce-id'] ?? '', body);
    this.#state.witness?.saw({ where: 'answered', message: reply, event: answer.event });
    const expected = this.#state.planned.list[reply];
    const facts = deliveredFacts(
      this.#facts,
      this.#validators,
      expected && { ...expected, event: answered(request.event, expected.event) },
      answer.event,
    );
    const type = headers['ce-type'] ?? '';
    return {
      reply,
      replyType: type,
      replyId: headers['ce-id'] ?? '',
      replySource: headers['ce-source'] ?? '',
      replyCausation: headers['ce-causationid'] ?? '',
      replyCorrelation: headers['ce-correlationid'] ?? '',
      replyIntact: expected === undefined ? 'unknown' : facts.bodyIntact,
      replyValid: messagesOf(flow).some((message) => message.name === type) ? facts.valid : 'no',
      replyTrace: facts.traceIntact,
      replyHeaders: facts.headersIntact,
      replyTimes: facts.timeIntact,
      ...(type === flow.refusal && expected === undefined
        ? {
            replyReason: refusalReason(body),
            replyRefusalFaults: faultsOfRefusal(answer.event, planned, service.flows, clock.wall()),
          }
        : {}),
    };
  }
}

function outcomeOf(status: number): 'ok' | 'fail' | 'info' {
  if (status >= 200 && status < 300) return 'ok';
  return status >= 400 && status < 500 ? 'fail' : 'info';
}
