import { setTimeout as delay } from 'node:timers/promises';

import { Application } from './application.ts';
import { Bus } from './bus.ts';
import { ClaimCheckReceiver, ClaimCheckSender } from './claim-check.ts';
import { Contract, type Flow } from './contract.ts';
import type { Event } from './event.ts';
import { LastValueReceiver, LastValueSender } from './last-value.ts';
import { log } from './log.ts';
import { OrderedReceiver } from './ordered.ts';
import { notConnected, Port, type Answer, type Bound } from './port.ts';
import { Receiver } from './receive.ts';
import { Answerer, Asker } from './request-reply.ts';
import { Sender, type Context, type End } from './send.ts';
import { Misconfigured, settingsFrom, type Settings } from './settings.ts';

const lookAgainMs = 100;
const lastMs = 9000;

const senders: Readonly<Record<string, new (context: Context, flow: Flow) => Asker | Sender>> = {
  'request-reply': Asker,
  'last-value': LastValueSender,
  'claim-check': ClaimCheckSender,
};
const receivers: Readonly<Record<string, new (context: Context, flow: Flow) => End>> = {
  'request-reply': Answerer,
  'last-value': LastValueReceiver,
  'claim-check': ClaimCheckReceiver,
  'ordered-stream': OrderedReceiver,
};

/** Runs until SIGTERM or SIGINT, then ends with 0 (L3); with 2 where it cannot start. */
export async function live(): Promise<void> {
  const told = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => told.resolve());
  process.on('uncaughtException', (error) => {
    log('cannot go on', error); // its text could quote content (L4)
    process.exit(1);
  });
  try {
    const settings = settingsFrom(process.env);
    const port = new Port();
    await port.listen(settings.listenPort);
    const adapter = await Promise.race([Adapter.start(settings, port), told.promise]);
    await told.promise;
    log('stopping');
    const late = delay(lastMs).then(() => log('stopped with work in hand: the bus delivers it again'));
    if (adapter !== undefined) await Promise.race([adapter.stop(port), late]);
    process.exit(0);
  } catch (error) {
    if (error instanceof Misconfigured) log(`cannot start: ${error.message}`);
    else log('cannot start', error);
    process.exit(2);
  }
}

/** Every operation that names the application. */
class Adapter implements Bound {
  readonly #bus: Bus;
  readonly #application: Application;
  readonly #senders: readonly { readonly flow: Flow; readonly end: Asker | Sender }[];
  readonly #receivers: readonly { readonly flow: Flow; readonly end: End }[];
  #open = false;

  private constructor(context: Context) {
    const { bus, application, contract } = context;
    this.#bus = bus;
    this.#application = application;
    const own = (names: readonly string[]): boolean => names.includes(bus.application);
    this.#senders = contract.flows
      .filter((flow) => own(flow.senders))
      .map((flow) => ({ flow, end: new (senders[flow.x.pattern] ?? Sender)(context, flow) }));
    this.#receivers = contract.flows
      .filter((flow) => own(flow.receivers))
      .map((flow) => ({ flow, end: new (receivers[flow.x.pattern] ?? Receiver)(context, flow) }));
  }

  /** Resolves when it is healthy; keeps trying until then (L1). Throws Misconfigured. */
  static async start(settings: Settings, port: Port): Promise<Adapter> {
    const contract = Contract.read(settings.contract);
    const { application } = settings;
    if (!contract.flows.some(({ senders, receivers }) => [...senders, ...receivers].includes(application))) {
      throw new Misconfigured(`no operation names ${application}: give APPLICATION one of the x-applications`);
    }
    const bus = await Bus.connect(settings);
    const adapter = new Adapter({ contract, bus, application: new Application(settings.applicationUrl) });
    port.bind(adapter);
    await Promise.all([...adapter.#senders, ...adapter.#receivers].map(({ flow, end }) => untilOpen(flow, end)));
    adapter.#open = true;
    log('ready');
    return adapter;
  }

  readonly healthy = (): boolean => this.#open && this.#bus.connected;

  readonly send = async (event: Event): Promise<Answer> => {
    if (!this.#open) return notConnected;
    const own = this.#senders.find(({ flow }) => flow.messages.has(event.get('ce-type')));
    return own === undefined ? { status: 422, reason: 'unknown-type' } : own.end.send(event);
  };

  async stop(port: Port): Promise<void> {
    await Promise.all([port.stop(), ...this.#receivers.map(({ end }) => end.stop())]);
    await this.#bus.finish();
    await this.#bus.close();
    this.#application.close();
  }
}

/** Streams, consumers and buckets are made by others, and may come later than this adapter. */
async function untilOpen({ channel }: Flow, end: End): Promise<void> {
  for (;;) {
    try {
      return await end.open();
    } catch (error) {
      log(`${channel}: not ready`, error);
      await delay(lookAgainMs);
    }
  }
}
