import type { Flow } from '../model/flow.ts';
import type { SendAnswer } from './application.ts';
import { Contents } from './contents.ts';
import { raiseConflict } from './duplicate.ts';
import type { Held, Settlement } from './held.ts';
import { itemsOf, objectName, type Item } from './manifest.ts';
import { measured } from './measured.ts';
import type { Memory } from './memory.ts';
import { contentWrong, unavailable } from './outcome.ts';
import type { Pattern, Port } from './pattern.ts';
import { openStreamReceiver, type Reception } from './receive.ts';
import { openStreamSender, store, type Outgoing } from './send.ts';
import { consumersOf, streamOf } from './streams.ts';
import { keepWorking } from './working.ts';

/** Largest sum of the objects that a bucket holds: the largest bundle is 500 MB. */
const bucketBytes = 2 * 1024 ** 3;

/**
 * Large content beside the bus: the event carries a manifest, and item n of it is the object `<ce-id>/<n>` of the bucket. The
 * provider stores every object before it publishes; the consumer stages every object with its application before it hands the event
 * over, and refuses the whole bundle where one is not as the manifest says. Content streams through and is never held in memory.
 */
export const claimCheck: Pattern = {
  name: 'claim-check',
  topology: (flow) => ({
    streams: [streamOf(flow)],
    consumers: consumersOf(flow),
    buckets:
      flow.bucket === undefined
        ? []
        : [{ name: flow.bucket, kind: 'object', maxBytes: bucketBytes, maxAgeMs: flow.retention?.maxAgeMs ?? 0 }],
  }),
  openSender: async (port, flow) => {
    const contents = await Contents.open(port, flow.bucket ?? '');
    return openStreamSender(port, (outgoing, memory) => offer(port, flow, contents, outgoing, memory), flow);
  },
  openReceiver: async (port, flow, receiver) => {
    const contents = await Contents.open(port, flow.bucket ?? '');
    return openStreamReceiver(port, flow, receiver, contentsFirst(port, flow, contents));
  },
};

function offer(port: Port, flow: Flow, contents: Contents, outgoing: Outgoing, memory: Memory): Promise<SendAnswer> {
  const { event } = outgoing;
  // Another bundle's objects have the names of this one's: they must not be written over.
  if (memory.recall(event) === 'other') return raiseConflict(port, event);
  const staging = async (): Promise<SendAnswer | undefined> => {
    for (const item of itemsOf(event)) {
      const refused = await storeItem(port, contents, outgoing, item);
      if (refused !== undefined) return refused;
    }
    return undefined;
  };
  return port.steps.offer(staging, () => store(port, flow, outgoing, memory));
}

/** Brings one item from the application into the store; undefined once it is there, whole and right. */
async function storeItem(
  port: Port,
  contents: Contents,
  { event }: Outgoing,
  item: Item,
): Promise<SendAnswer | undefined> {
  const { steps, behind } = port;
  const name = steps.objectName(objectName(event, item), event);
  const there = await contents.find(name);
  if (there !== undefined && steps.alreadyStored(item, there)) return undefined;
  const { status, content } = await behind.content(event.headers['ce-id'] ?? '', item.index);
  if (content === undefined && steps.classify(status) !== 'rejected') return unavailable;
  const put =
    content &&
    (await contents.put(name, content, item.bytes).catch((error: unknown) => {
      if (error instanceof RangeError) return undefined;
      throw error;
    }));
  if (put !== undefined && steps.contentFits(item, put, 'to-bus')) return undefined;
  await contents.remove(name, steps.withdraw);
  return contentWrong;
}

function contentsFirst(port: Port, flow: Flow, contents: Contents): Reception {
  return {
    handOver: async (held, post) => {
      using _working = keepWorking(port, flow, held);
      // Staging takes its time: what has expired meanwhile is not handed over either.
      const postInTime = (): Promise<Settlement> =>
        port.steps.expired(held.event, port.now(), 'to-application')
          ? Promise.resolve({ do: 'terminate', reason: 'expired' })
          : post();
      return await port.steps.take(() => stage(port, contents, held), postInTime);
    },
  };
}

/** Stages every item with the application. Gives the settlement where the bundle cannot be handed over. */
async function stage(port: Port, contents: Contents, held: Held): Promise<Settlement | undefined> {
  for (const item of itemsOf(held.event)) {
    const staged = await stageItem(port, contents, held, item);
    if (staged === 'failed') return { do: 'retry' };
    if (staged === 'wrong') return { do: 'terminate', reason: 'content' };
  }
  return undefined;
}

async function stageItem(
  port: Port,
  contents: Contents,
  { event }: Held,
  item: Item,
): Promise<'right' | 'wrong' | 'failed'> {
  const { steps, behind } = port;
  const name = steps.objectName(objectName(event, item), event);
  const there = await contents.find(name);
  if (there === undefined || !steps.contentFits(item, there, 'to-application')) return 'wrong';
  const passing = measured(contents.read(name), there.bytes);
  const whole = async function* (): AsyncGenerator<Uint8Array, void> {
    yield* passing.content;
    if (!steps.sameBytes(there, passing.found())) throw new RangeError('the object is not what its digest says');
  };
  const { status } = await behind.stage(event.headers['ce-id'] ?? '', item.index, whole());
  const meaning = steps.classify(status);
  if (meaning === 'failed') return 'failed';
  return meaning === 'accepted' ? 'right' : 'wrong';
}
