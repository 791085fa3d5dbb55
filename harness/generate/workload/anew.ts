import { messageOf, type Flow, type Service } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import type { PlannedMessage, Step, Workload } from '../../model/workload.ts';
import { fieldsOf } from '../events/header-field.ts';
import { partitionOf } from '../partition.ts';
import { randomFrom, type Random } from '../random.ts';
import { receiversOf, wantedOf } from './filters.ts';
import { freshId } from './ids.ts';
import { Keys } from './keys.ts';

/** Draws of a key until one lies in the partition of the one whose place it takes. */
const mostDraws = 64;

/**
 * The same workload with other ids and keys, for an account in which it, or another of the same seed, was performed before. A key keeps its partition,
 * and one that a receiver's filter names stays what it is.
 */
export function anew(workload: Workload, service: Service, seed: number): Workload {
  const random = randomFrom(seed);
  const names = new Map<string, string>();
  const before = new Set(namesOf(workload));
  const keys = new Map<string, Keys>();
  for (const message of workload.messages) {
    const flow = service.flows.find(({ id }) => id === message.flow);
    if (flow === undefined) continue;
    const drawn = keys.get(flow.id) ?? new Keys(flow, random);
    keys.set(flow.id, drawn);
    rename(message, flow, { names, before, keys: drawn, random });
  }
  const of = (name: string): string => names.get(name) ?? name;
  return {
    ...workload,
    messages: workload.messages.map((message) => ({
      ...message,
      id: of(message.id),
      key: of(message.key),
      headers: Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, value === null ? null : of(value)]),
      ),
      payload: Object.fromEntries(
        Object.entries(message.payload).map(([path, value]): [string, JsonValue] => [
          path,
          typeof value === 'string' ? of(value) : value,
        ]),
      ),
    })),
    lanes: workload.lanes.map((lane) => lane.map((step) => renamed(step, of))),
  };
}

/** Ids and keys of a workload: what another in the same account must not have again. */
export const namesOf = ({ messages }: Workload): readonly string[] => [
  ...new Set(messages.flatMap(({ id, key }) => (key === '' ? [id] : [id, key]))),
];

function rename(
  { type, id, key }: PlannedMessage,
  flow: Flow,
  to: {
    readonly names: Map<string, string>;
    /** What it was called before, and is to be called no more. */
    readonly before: ReadonlySet<string>;
    readonly keys: Keys;
    readonly random: Random;
  },
): void {
  const message = messageOf(flow, type);
  const { names, before, keys, random } = to;
  if (!names.has(id))
    names.set(
      id,
      freshId(flow, message, random, (other) => before.has(other) || [...names.values()].includes(other)),
    );
  if (key === '' || names.has(key)) return;
  if (flow.key !== undefined && fieldsOf(message, 'ce-id').includes(flow.key)) return;
  const [receiver] = receiversOf(flow, key);
  if (receiver === undefined || wantedOf(flow, receiver, 'ce-partitionkey') !== undefined) return;
  const { partitions = 1 } = flow;
  for (let draws = 0; draws < mostDraws; draws++) {
    const drawn = keys.fresh(message, receiver);
    names.set(key, drawn);
    if (!before.has(drawn) && partitionOf(drawn, partitions) === partitionOf(key, partitions)) return;
  }
}

function renamed(step: Step, of: (name: string) => string): Step {
  if (step.do === 'replay') return step.key === undefined ? step : { ...step, key: of(step.key) };
  if (step.do !== 'inject' || step.messageId === undefined) return step;
  return { ...step, messageId: step.messageId.split(' ').map(of).join(' ') };
}
