import type { Habits } from '../../adapters/reference/typescript/habits.ts';
import type { CloudEvent } from '../../model/event.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { payloadOf } from '../../model/payload.ts';
import type { ConsumerSpec, StreamSpec, Topology } from '../../model/topology.ts';
import type { Application } from '../../patterns/application.ts';
import type { Held, Settlement } from '../../patterns/held.ts';
import type { Memory } from '../../patterns/memory.ts';
import { standardSteps, type Steps, type Way } from '../../patterns/steps.ts';

/** An adapter that carries events with something changed, on one of its two ways. */
export const carrying = (onlyWay: Way, change: (event: CloudEvent) => CloudEvent): Partial<Steps> => ({
  carry: (event, way) => (way === onlyWay ? change(standardSteps.carry(event, way)) : standardSteps.carry(event, way)),
});

export const withHeaders = (event: CloudEvent, headers: Readonly<Record<string, string>>): CloudEvent => ({
  ...event,
  headers: { ...event.headers, ...headers },
});

export const withMembers = (event: CloudEvent, members: Readonly<Record<string, JsonValue>>): CloudEvent => {
  const payload = payloadOf(event);
  return { ...event, body: Buffer.from(JSON.stringify({ ...(isJsonObject(payload) ? payload : {}), ...members })) };
};

/** An adapter whose check reads the payload in another way than it is written. */
export const checkingAs = (read: (text: string) => string): Partial<Steps> => ({
  check: (check, flow, event) => check(flow, { ...event, body: Buffer.from(read(textOf(event))) }),
});

/** Something with those of its headers alone that are to stay. */
export const onlyHeaders = <T extends Pick<CloudEvent, 'headers'>>(
  event: T,
  keep: (name: string, value: string) => boolean,
): T => ({
  ...event,
  headers: Object.fromEntries(Object.entries(event.headers).filter(([name, value]) => keep(name, value))),
});

export const without = (event: CloudEvent, name: string): CloudEvent => onlyHeaders(event, (each) => each !== name);

/** What is remembered of events by where they were looked up: a step in place of `recall`, and the memory of an event that it was asked about. */
export function lookups(): {
  readonly recall: Steps['recall'];
  readonly memoryOf: (event: CloudEvent) => Memory | undefined;
} {
  const memories = new WeakMap<CloudEvent, Memory>();
  return {
    recall: (memory, event) => {
      memories.set(event, memory);
      return standardSteps.recall(memory, event);
    },
    memoryOf: (event) => memories.get(event),
  };
}

/** A program that meets its application with a part of it changed. */
export const facing = (change: (application: Application) => Partial<Application>): Pick<Habits, 'back'> => ({
  back: (application) => ({
    deliver: (...given) => application.deliver(...given),
    content: (...given) => application.content(...given),
    stage: (...given) => application.stage(...given),
    ...change(application),
  }),
});

export const header = (event: CloudEvent, name: string): string => event.headers[name] ?? '';

export const textOf = (event: CloudEvent): string => Buffer.from(event.body).toString('utf8');

/** A marked text of the payload, as canaries are; where there is none, its begin. */
export const someText = (event: CloudEvent): string => {
  const text = textOf(event);
  return /\b[A-HJ-NP-Z][A-HJ-NP-Z2-9]{8}[2-9]\b/.exec(text)?.[0] ?? text.slice(0, 60).replaceAll(/[\r\n]/g, ' ');
};

/** An adapter whose check lets pass, on one way, what fails in a detail. */
export const overlooking = (onlyWay: Way, detail: RegExp): Partial<Steps> => ({
  check: (check, flow, event, way) => {
    const failure = check(flow, event);
    return way === onlyWay && failure !== undefined && detail.test(failure.detail) ? undefined : failure;
  },
});

/** An adapter that tells the bus something else where the settlement is one of a kind. */
export const settling = (
  which: (settlement: Settlement) => boolean,
  tell: (held: Held, settlement: Settlement) => void,
): Partial<Steps> => ({
  settle: (held, settlement, delayMs, reason) => {
    if (which(settlement)) tell(held, settlement);
    else standardSteps.settle(held, settlement, delayMs, reason);
  },
});

/** An adapter that says nothing where an attempt fails that is the `attempt`th, counted from 1. */
export const silentAfter = (attempt: number): Partial<Steps> => ({
  settle: (held, settlement, delayMs, reason) => {
    if (settlement.do === 'retry' && held.deliveries === attempt) return;
    standardSteps.settle(held, settlement, delayMs, reason);
  },
});

/** An adapter that settles a message while what it tells of it is still on its way. */
export const settlingBeforeTelling: Partial<Steps> = {
  tell: (tell) => {
    void tell();
    return Promise.resolve(true);
  },
};

export const accepted = (settlement: Settlement): boolean => settlement.do === 'acknowledge';
export const givenUpAs =
  (reason: string) =>
  (settlement: Settlement): boolean =>
    settlement.do === 'terminate' && settlement.reason === reason;

/** An adapter that takes some statuses of its application for something else. */
export const classifying = (statuses: readonly number[], meaning: ReturnType<Steps['classify']>): Partial<Steps> => ({
  classify: (status) => (statuses.includes(status) ? meaning : standardSteps.classify(status)),
});

/** Another setting of the streams of flows; those of the bus itself stay. */
export const streams =
  (change: (stream: StreamSpec) => Partial<StreamSpec>) =>
  (topology: Topology): Topology => ({
    ...topology,
    streams: topology.streams.map((stream) => (stream.flow === undefined ? stream : { ...stream, ...change(stream) })),
  });

/** Another setting of one stream of the bus itself. */
export const busStream =
  (name: string, change: Partial<StreamSpec>) =>
  (topology: Topology): Topology => ({
    ...topology,
    streams: topology.streams.map((stream) => (stream.name === name ? { ...stream, ...change } : stream)),
  });

export const consumers =
  (change: (consumer: ConsumerSpec) => Partial<ConsumerSpec>) =>
  (topology: Topology): Topology => ({
    ...topology,
    consumers: topology.consumers.map((consumer) => ({ ...consumer, ...change(consumer) })),
  });
