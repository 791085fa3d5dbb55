import { jetstreamManager } from '@nats-io/jetstream';

import type { Check } from '../model/check.ts';
import type { CloudEvent } from '../model/event.ts';
import { sends, type Flow, type Service } from '../model/flow.ts';
import { died, notBinary, unknownType } from '../patterns/outcome.ts';
import type { Opened, OpenedSender, Port } from '../patterns/pattern.ts';
import { patterns } from '../patterns/patterns.ts';
import { standardSteps, type Steps } from '../patterns/steps.ts';
import type { Application, SendAnswer } from './application.ts';
import { Link, type BusAccess } from './connection.ts';
import { isStructured } from './http/binary-mode.ts';

export interface AdapterOptions extends BusAccess {
  readonly service: Service;
  readonly application: string;
  readonly behind: Application;
  readonly check: Check;
  /** `standardSteps` unless a defect is wanted. */
  readonly steps?: Steps;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Lines without content. */
  readonly log: (line: string) => void;
}

/** One instance of the adapter of one application, performing every operation that names the application. */
export interface StartedAdapter extends AsyncDisposable {
  /** As the application's POST to `/`. Never rejects. */
  send(event: CloudEvent): Promise<SendAnswer>;
  /** Connected; it found every consumer that it needs when it started. */
  healthy(): boolean;
  /** Takes no more from the bus or the application, finishes what is in hand, and ends. */
  stop(): Promise<void>;
  /** As `kill -9`: nothing leaves any more, nothing is finished, open sends answer with status 0. */
  crash(): Promise<void>;
}

/** Pause between two looks for consumers that are not there yet. */
const lookAgainMs = 100;

/** Starts an instance. Resolves when it is healthy; keeps trying until then. */
export async function startAdapter(options: AdapterOptions): Promise<StartedAdapter> {
  const { service, application, log } = options;
  const link = await Link.open(options, application, log);
  try {
    const port: Port = {
      service,
      application,
      inboxPrefix: options.inboxPrefix,
      connection: link.connection,
      jsm: await jetstreamManager(link.connection, { checkAPI: false }),
      behind: options.behind,
      check: options.check,
      steps: options.steps ?? standardSteps,
      now: options.wallClock,
      log,
      connected: () => link.connected,
      onReconnect: (listener) => link.onReconnect(listener),
      killed: link.killed,
    };
    const ends = openAll(port);
    await port.steps.well(ends);
    return new Adapter(link, ends);
  } catch (error) {
    await link.close();
    throw error;
  }
}

interface Ends {
  readonly senders: readonly { readonly flow: Flow; readonly sender: OpenedSender }[];
  readonly receivers: readonly Opened[];
}

async function openAll(port: Port): Promise<Ends> {
  const { service, application } = port;
  const sending = service.flows.filter((flow) => sends(flow, application));
  const receiving = service.flows.flatMap((flow) =>
    flow.receivers.filter((receiver) => receiver.application === application).map((receiver) => ({ flow, receiver })),
  );
  const [senders, receivers] = await Promise.all([
    Promise.all(
      sending.map(async (flow) => ({
        flow,
        sender: await untilOpen(port, flow, () => patterns[flow.pattern].openSender(port, flow)),
      })),
    ),
    Promise.all(
      receiving.map(({ flow, receiver }) =>
        untilOpen(port, flow, () => patterns[flow.pattern].openReceiver(port, flow, receiver)),
      ),
    ),
  ]);
  return { senders, receivers };
}

/** The harness makes streams, consumers and buckets; an adapter that is started before they are there waits for them. */
async function untilOpen<T>(port: Port, flow: Flow, open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (port.killed.aborted || port.connection.isClosed()) throw error;
      port.log(`${flow.id}: not ready: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'}`);
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }
}

class Adapter implements StartedAdapter {
  readonly #link: Link;
  readonly #ends: Promise<Ends>;
  readonly #died: Promise<SendAnswer>;
  #accepting = true;
  #stopping: Promise<void> | undefined;

  constructor(link: Link, ends: Promise<Ends>) {
    this.#link = link;
    this.#ends = ends;
    this.#died = new Promise((resolve) => {
      link.killed.addEventListener('abort', () => resolve(died), { once: true });
    });
  }

  async send(event: CloudEvent): Promise<SendAnswer> {
    if (!this.#accepting) return died;
    // Over HTTP it does not come so far.
    if (isStructured(event.headers['ce-datacontenttype'])) return notBinary;
    // Death comes first: what is left of one that was killed answers nothing.
    return Promise.race([this.#died, this.#publish(event)]);
  }

  async #publish(event: CloudEvent): Promise<SendAnswer> {
    const type = event.headers['ce-type'];
    const { senders } = await this.#ends;
    const end = senders.find(({ flow }) => flow.messages.some((message) => message.name === type));
    return end === undefined ? unknownType : end.sender.send(event);
  }

  healthy(): boolean {
    return this.#accepting && this.#link.connected;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#accepting = false;
    const { receivers, senders } = await this.#ends;
    await Promise.all([...receivers.map((receiver) => receiver.stop()), ...senders.map(({ sender }) => sender.stop())]);
    await this.#link.close();
  }

  async crash(): Promise<void> {
    this.#accepting = false;
    this.#stopping = this.#link.cut();
    await this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
