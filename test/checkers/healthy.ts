import type { World } from './world.ts';

/** What becomes of one message, all of it as the contract has it. */
export const stories = [
  'plain',
  'retried',
  'rejected',
  'exhausted',
  'sent-twice',
  'redelivered',
  'invalid-sent',
  'invalid-injected',
  'expired',
  'conflict',
  'unknown',
] as const;
export type Story = (typeof stories)[number];

export interface Happening {
  readonly story: Story;
  /** Number of its key. */
  readonly key: number;
}

/** Performs happenings on a world one after another, and ends it. */
export function perform(world: World, happenings: readonly Happening[]): World {
  const sequences = new Map<number, number>();
  const stopped = new Set<number>();
  for (const happening of happenings) {
    if (world.flow.pattern === 'request-reply') ask(world, happening);
    else travel(world, happening, sequences, stopped);
  }
  return world.scans().finish();
}

function ask(world: World, { story }: Happening): void {
  const request = world.plan({ violation: story === 'invalid-sent' ? 'schema:type:/a' : '' });
  if (story === 'invalid-sent') world.send(request, { status: 422, reason: 'invalid' });
  else if (story === 'unknown') world.send(request, { status: 504, reason: 'no-reply' });
  else world.ask(request, world.plan({ type: 'Reply', role: 'reply', source: 'urn:one' }));
}

function travel(world: World, { story, key }: Happening, sequences: Map<number, number>, stopped: Set<number>): void {
  const { flow } = world;
  const ordered = flow.pattern === 'ordered-stream';
  const atMostOnce = flow.delivery === 'at-most-once';
  const invalid = story === 'invalid-sent' || story === 'invalid-injected';
  const sequence = ordered ? (sequences.get(key) ?? 0) + 1 : 0;
  const message = world.plan({
    key: `k${key}`,
    sequence,
    violation: invalid ? 'schema:type:/a' : '',
    ...(story === 'expired' && flow.expiryMs !== undefined ? { expires: world.now + 50 } : {}),
  });
  if (story === 'invalid-sent') {
    world.send(message, { status: 422, reason: 'invalid' });
    return;
  }
  // A sequence that was never on the bus leaves no gap in what is.
  sequences.set(key, sequence);
  if (story === 'invalid-injected') {
    world.inject(message);
    each(world, message, (application) => world.tell(message, application, 'term', { reason: 'invalid' }));
    stopped.add(key);
    return;
  }
  world.send(message, story === 'unknown' ? { status: 504 } : {});
  if (story === 'unknown') world.store(message);
  if (story === 'sent-twice') world.send(message, {}, { stores: false });
  if (ordered && stopped.has(key)) {
    each(world, message, (application) => world.tell(message, application, 'term', { reason: 'gap' }));
    return;
  }
  if (story === 'expired' && flow.expiryMs !== undefined) {
    world.pass(100);
    each(world, message, (application) => world.tell(message, application, 'term', { reason: 'expired' }));
    return;
  }
  each(world, message, (application) => receive(world, message, application, atMostOnce ? 'plain' : story));
  if (!atMostOnce && (story === 'rejected' || story === 'exhausted')) stopped.add(key);
  if (story === 'conflict' && !ordered) {
    const other = world.plan({ key: `k${key}`, id: `m${message}` });
    world.send(other, { status: 409, reason: 'conflict' }).notice(other, 'sender', 'conflict');
  }
}

function receive(world: World, message: number, application: string, story: Story): void {
  if (story === 'retried')
    world
      .failOnce(message, application, 1)
      .hand(message, application)
      .tell(message, application, 'ack', { deliveries: 2 });
  else if (story === 'rejected')
    world.hand(message, application, { status: 422 }).tell(message, application, 'term', { reason: 'rejected' });
  else if (story === 'exhausted') world.exhaust(message, application);
  else if (story === 'redelivered')
    world.hand(message, application).pass(300).tell(message, application, 'ack', { deliveries: 2 });
  else world.take(message, application);
}

function each(world: World, message: number, then: (application: string) => void): void {
  for (const { application } of world.receiversOf(message)) then(application);
}

export const plainHappenings = (count: number, keys: number): readonly Happening[] =>
  Array.from({ length: count }, (_, index) => ({ story: 'plain', key: index % keys }));
