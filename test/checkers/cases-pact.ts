import type { Flow } from '../../harness/model/flow.ts';
import type { Interaction, Pact, PactPart } from '../../harness/model/pact.ts';
import { NONE } from '../../harness/model/table.ts';
import type { Rows } from './build.ts';
import type { Case } from './cases.ts';
import { flows } from './flows.ts';
import type { World } from './world.ts';

const place = { file: 'pacts/one-sender.json', line: 3 };
const part: PactPart = { type: 'Thing', metadata: {}, matchingRules: {}, generators: {}, place };

export const interaction = (description: string, more: Partial<Interaction> = {}): Interaction => ({
  kind: 'asynchronous',
  description,
  states: [],
  pending: false,
  comments: {},
  message: part,
  responses: [],
  place,
  ...more,
});

export const pactOf = (consumer: string, provider: string, ...interactions: readonly Interaction[]): Pact => ({
  name: `${consumer}-${provider}`,
  file: place.file,
  consumer,
  provider,
  specification: 4,
  interactions,
});

export const fanOut: Flow = { ...flows['fan-out'], pacts: [pactOf('one', 'sender', interaction('a thing'))] };
export const asked: Flow = {
  ...flows['request-reply'],
  pacts: [pactOf('sender', 'one', interaction('an answer', { kind: 'synchronous', responses: [part] }))],
};

/** So many messages of an interaction are the fewest that a provider is judged by. */
export const enough = 20;

/** A provider sends what its contract says; all of it is what the pact expects. */
export function provided(world: World, count = enough): void {
  for (let nth = 0; nth < count; nth++) {
    const message = world.plan();
    world.send(message).takeByAll(message).judge(message, { as: 'stimulus' });
  }
}

function answered(world: World): void {
  for (let nth = 0; nth < enough; nth++) {
    const request = world.plan();
    const reply = world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' });
    world.ask(request, reply);
    world.judge(request, { as: 'stimulus', part: 'request' });
    world.judge(reply, { as: 'stimulus', part: 'response', request });
  }
}

/** An example, a variant and a message that breaks the contract are put before the consumer. */
export function consumed(world: World): void {
  for (const as of ['example', 'variant'] as const) {
    const message = world.plan();
    world.send(message).takeByAll(message).judge(message, { as, holds: 'unknown' });
  }
  const broken = world.plan({ violation: 'schema:type:/a' });
  world.inject(broken);
  for (const { application } of world.receiversOf(broken))
    world.tell(broken, application, 'term', { reason: 'invalid' });
  world.judge(broken, { as: 'broken', holds: 'unknown' });
}

/** The consumer asks; what the harness answers on the wire is handed to it, or kept from it. */
function told(world: World): void {
  const put = (as: 'example' | 'broken'): { request: number; reply: number } => {
    const request = world.plan();
    const violation = as === 'broken' ? 'schema:type:/a' : '';
    const causation = `m${String(request)}`;
    const reply = world.plan({ type: 'Reply', role: 'reply', source: 'urn:one', violation, causation });
    world.inject(reply, { what: 'reply', request, sequence: NONE, stream: '' });
    world.judge(reply, { as, holds: 'unknown', part: 'response', request });
    return { request, reply };
  };
  const example = put('example');
  world.ask(example.request, example.reply, { replyHeaders: 'yes' });
  const broken = put('broken');
  world.notice(broken.reply, 'sender', 'invalid').send(broken.request, { status: 504, reason: 'no-reply' });
}

/** A request that breaks the contract is put on the bus, and refused by the answering adapter. */
function refused(world: World): void {
  const broken = world.plan({ violation: 'schema:type:/a' });
  world.inject(broken, { replyType: 'Refusal', replyReason: 'invalid' });
  world.judge(broken, { as: 'broken', holds: 'unknown', part: 'request' });
}

const first = <T>(list: readonly T[], wanted: (row: T) => boolean): T => {
  const found = list.find(wanted);
  if (found === undefined) throw new Error('the history has no such row');
  return found;
};
const deliveryOf = (rows: Rows, as: string) => {
  const { message } = first(rows.contract, (row) => row.as === as);
  return first(rows.delivery, (row) => row.message === message && row.application === 'one');
};

/** What the pacts of consumers say. */
export const casesOfPacts: readonly Case[] = [
  {
    clause: 'CON-1',
    flow: fanOut,
    holds: (world) => provided(world),
    breaks: {
      'what arrived is not what the pact expects': (rows) => {
        Object.assign(rows.contract[3] ?? {}, {
          holds: 'no',
          path: '$.a',
          expected: 'to be an integer',
          found: 'a text of 3 characters',
        });
      },
      'what the contract allows is refused': (rows) => {
        Object.assign(rows.contract[3] ?? {}, { holds: 'unknown' });
        Object.assign(rows.send[3] ?? {}, { outcome: 'fail', status: 422, reason: 'invalid' });
      },
      'its sender is told that it was stored, and nothing arrives': (rows) => {
        Object.assign(rows.contract[3] ?? {}, { holds: 'unknown' });
      },
    },
  },
  {
    clause: 'CON-1',
    flow: asked,
    holds: answered,
    breaks: {
      'a response is not what the pact expects': (rows) => {
        Object.assign(
          first(rows.contract, ({ part: name }) => name === 'response'),
          { holds: 'no', path: '$.a' },
        );
      },
      'a request is not what the pact says': (rows) => {
        Object.assign(
          first(rows.contract, ({ part: name }) => name === 'request'),
          { holds: 'no', path: 'metadata ce-type' },
        );
      },
    },
  },
  {
    clause: 'CON-2',
    flow: fanOut,
    holds: consumed,
    breaks: {
      'the example is never handed over': (rows) => {
        const gone = deliveryOf(rows, 'example');
        rows.delivery = rows.delivery.filter((row) => row !== gone);
      },
      'a variant is handed over with another body': (rows) => {
        deliveryOf(rows, 'variant').bodyIntact = 'no';
      },
      'a header of the example is changed': (rows) => {
        deliveryOf(rows, 'example').headersIntact = 'no';
      },
      'the example is refused by the adapter': (rows) => {
        const { message } = deliveryOf(rows, 'example');
        const { sequence } = first(rows.stored, (row) => row.message === message);
        Object.assign(
          first(rows.acknowledgement, (row) => row.sequence === sequence && row.application === 'one'),
          { verb: 'term', reason: 'invalid' },
        );
      },
      'what breaks it is handed over': (rows, world) =>
        void world.hand(first(rows.contract, (row) => row.as === 'broken').message ?? 0, 'one'),
      'what breaks it is acknowledged': (rows) => {
        Object.assign(
          first(rows.acknowledgement, (row) => row.verb === 'term' && row.application === 'one'),
          { verb: 'ack', reason: '' },
        );
      },
      'what breaks it is no dead letter': (rows) => {
        rows.deadLetter = rows.deadLetter.filter(({ application }) => application !== 'one');
      },
    },
  },
  {
    clause: 'CON-2',
    flow: asked,
    holds: told,
    breaks: {
      'the example is never handed over': (rows) => {
        Object.assign(
          first(rows.send, ({ status }) => status === 200),
          { reply: NONE },
        );
      },
      'the example is handed over with another body': (rows) => {
        Object.assign(
          first(rows.send, ({ status }) => status === 200),
          { replyIntact: 'no' },
        );
      },
      'what breaks it is handed over': (rows) => {
        Object.assign(
          first(rows.send, ({ status }) => status === 504),
          { status: 200, outcome: 'ok' },
        );
      },
    },
  },
  {
    clause: 'CON-2',
    flow: asked,
    holds: refused,
    breaks: {
      'a request that breaks it is handed over': (rows, world) =>
        void world.hand(first(rows.contract, (row) => row.as === 'broken').message ?? 0, 'one'),
      'a request that breaks it is answered by a reply': (rows) => {
        Object.assign(rows.injection[0] ?? {}, { replyType: 'Reply', replyReason: '' });
      },
      'a request that breaks it is refused for another reason': (rows) => {
        Object.assign(rows.injection[0] ?? {}, { replyReason: 'unavailable' });
      },
      'a request that breaks it is answered by nobody': (rows) => {
        Object.assign(rows.injection[0] ?? {}, { outcome: 'info', replyType: '', replyReason: '' });
      },
    },
  },
];
