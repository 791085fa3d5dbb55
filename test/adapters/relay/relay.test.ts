import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WireFaults } from '../../../harness/adapters/relay/faults.ts';
import { Holds } from '../../../harness/adapters/relay/holds.ts';
import { Relay } from '../../../harness/adapters/relay/relay.ts';
import { HistoryBuilder, rowAt, type RowOf } from '../../../harness/model/history.ts';
import { NONE } from '../../../harness/model/table.ts';
import type { WireFault } from '../../../harness/model/wire.ts';

const secret = 'eyJhbGciOiJlZDI1NTE5';
const info = 'INFO {"server_id":"x"}\r\n';
const hello = `CONNECT {"jwt":"${secret}","lang":"node","version":"3.4.0"}\r\nPING\r\n`;

/** Headers and body of an event with this number as its id. */
function publication(id: number, reply: string, subject = 'things.a'): string {
  const block = `NATS/1.0\r\nce-source: urn:a\r\nce-id: ${String(id)}\r\nNats-Msg-Id: urn:a ${String(id)}\r\n\r\n`;
  const body = `content ${secret}`;
  return `HPUB ${subject} ${reply} ${String(block.length)} ${String(block.length + body.length)}\r\n${block}${body}\r\n`;
}

const acknowledgementSubject = (sequence: number): string => `$JS.ACK.THINGS.one.1.${String(sequence)}.1.1.0`;

/** An event as a consumer brings it. */
function delivery(id: number, reply: string): string {
  const block = `NATS/1.0\r\nce-source: urn:a\r\nce-id: ${String(id)}\r\n\r\n`;
  return `HMSG inbox 1 ${reply} ${String(block.length)} ${String(block.length + 1)}\r\n${block}x\r\n`;
}

const settlement = (sequence: number, verb = '+ACK'): string =>
  `PUB ${acknowledgementSubject(sequence)} ${String(verb.length)}\r\n${verb}\r\n`;

const answer = (reply: string, text: string): string => `MSG ${reply} 1 ${String(text.length)}\r\n${text}\r\n`;
const storedAs = (sequence: number, duplicate = false): string =>
  JSON.stringify({ stream: 'THINGS', seq: sequence, ...(duplicate ? { duplicate } : {}) });

/** What came out at one end. */
class Ear {
  readonly #socket: Socket;
  #heard = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => (this.#heard = Buffer.concat([this.#heard, chunk])));
    socket.on('error', () => undefined);
  }

  get text(): string {
    return this.#heard.toString('latin1');
  }

  async until(length: number): Promise<string> {
    while (this.#heard.length < length && !this.#socket.destroyed) await once(this.#socket, 'data');
    return this.text;
  }

  async closed(): Promise<string> {
    if (!this.#socket.destroyed) await new Promise((resolve) => this.#socket.once('close', resolve));
    return this.text;
  }
}

/** A bus of plain sockets, a relay before it, and its history. */
class Bench implements AsyncDisposable {
  readonly history: HistoryBuilder;
  readonly relay: Relay;
  readonly holds: Holds;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  private constructor(history: HistoryBuilder, relay: Relay, holds: Holds, server: Server) {
    this.holds = holds;
    this.history = history;
    this.relay = relay;
    this.#server = server;
  }

  static async open(faults: readonly WireFault[] = []): Promise<Bench> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const history = new HistoryBuilder();
    let time = 0;
    const now = (): number => ++time;
    const trial = {
      history,
      now,
      identify: (source: string, id: string) => (source === 'urn:a' ? Number(id) : NONE),
      holds: new Holds(),
      faults: new WireFaults(faults, { history, now, senderOf: () => 'sender' }),
    };
    const relay = await Relay.open({
      url: `nats://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      application: 'sender',
      instance: 0,
      trial: () => trial,
    });
    return new Bench(history, relay, trial.holds, server);
  }

  /** Both ends of a new connection. */
  async pair(): Promise<{ adapter: Socket; bus: Socket; fromBus: Ear; fromAdapter: Ear }> {
    const accepted = once(this.#server, 'connection') as Promise<[Socket]>;
    const adapter = connect({ host: '127.0.0.1', port: Number(new URL(this.relay.url).port), noDelay: true });
    const fromBus = new Ear(adapter);
    const [bus] = await accepted;
    this.#sockets.push(adapter, bus);
    return { adapter, bus, fromBus, fromAdapter: new Ear(bus) };
  }

  rows(): readonly RowOf<'wire'>[] {
    const history = this.history.history();
    return Array.from({ length: history.wire.length }, (_, index) => rowAt(history, 'wire', index));
  }

  tookOf(row: number): string {
    return rowAt(this.history.history(), 'fault', row).took;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.relay.close();
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}

const cells = ({ at: _at, done: _done, ...row }: RowOf<'wire'>): object => row;

async function talk(sizes: readonly number[]): Promise<{ rows: readonly object[]; toBus: string; toAdapter: string }> {
  await using bench = await Bench.open();
  const { adapter, bus, fromBus, fromAdapter } = await bench.pair();
  const request = publication(1, 'in.1') + publication(2, 'in.2') + 'PUB $JS.ACK.THINGS.one.2.7.9.1.0 4\r\n+ACK\r\n';
  const delivered = 'MSG things.a 3 $JS.ACK.THINGS.one.2.7.9.1000000.0 2\r\nhi\r\n';
  const response = answer('in.1', storedAs(1)) + delivered + answer('in.2', storedAs(1, true));
  const send = async (socket: Socket, text: string, ear: Ear): Promise<void> => {
    const bytes = Buffer.from(text);
    const before = ear.text.length;
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      socket.write(bytes.subarray(at, at + size));
      at += size;
      await ear.until(before + Math.min(at, bytes.length));
    }
  };
  await send(bus, info, fromBus);
  await send(adapter, hello + request, fromAdapter);
  await send(bus, `PONG\r\n${response}`, fromBus);
  expect(fromAdapter.text).toBe(hello + request);
  expect(fromBus.text).toBe(`${info}PONG\r\n${response}`);
  return { rows: bench.rows().map(cells), toBus: fromAdapter.text, toAdapter: fromBus.text };
}

describe('a relay', () => {
  test('passes the same bytes on and writes the same rows, however they are split', async () => {
    const whole = await talk([100_000]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 7, max: 400 }), { minLength: 1, maxLength: 6 }), async (sizes) => {
        expect(await talk(sizes)).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  test('writes facts: publishes with their acknowledgement, deliveries, verbs; no content and no credentials', async () => {
    const { rows } = await talk([100_000]);
    expect(rows.map((row) => (row as RowOf<'wire'>).what)).toEqual([
      'open',
      'connect',
      'publish',
      'publish',
      'acknowledgement',
      'delivery',
    ]);
    expect(rows[1]).toMatchObject({ reason: 'node 3.4.0' });
    expect(rows[2]).toMatchObject({ message: 1, messageId: 'urn:a 1', outcome: 'ok', sequence: 1, duplicate: 'no' });
    expect(rows[3]).toMatchObject({ message: 2, outcome: 'ok', stream: 'THINGS', sequence: 1, duplicate: 'yes' });
    expect(rows[4]).toMatchObject({ consumer: 'one', sequence: 7, deliveries: 2, verb: 'ack' });
    expect(rows[5]).toMatchObject({ stream: 'THINGS', consumer: 'one', sequence: 7, deliveries: 2 });
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('loses an acknowledgement: the publish has come, its answer never does, and the adapter may come again', async () => {
    await using bench = await Bench.open([{ kind: 'lose-acknowledgement', message: 1, by: 'end' }]);
    const first = await bench.pair();
    first.adapter.write(publication(1, 'in.1'));
    expect(await first.fromAdapter.until(publication(1, 'in.1').length)).toBe(publication(1, 'in.1'));
    first.bus.write(`PING\r\n${answer('in.1', storedAs(1))}PING\r\n`);
    expect(await first.fromBus.closed()).toBe('PING\r\n');
    await first.fromAdapter.closed();
    expect(bench.tookOf(0)).toBe('yes');
    const second = await bench.pair();
    second.adapter.write(publication(1, 'in.2'));
    await second.fromAdapter.until(10);
    second.bus.write(answer('in.2', storedAs(1, true)));
    expect(await second.fromBus.until(10)).toBe(answer('in.2', storedAs(1, true)));
    const publishes = bench.rows().filter(({ what }) => what === 'publish');
    expect(publishes.map(({ outcome, connection }) => [outcome, connection])).toEqual([
      ['info', 0],
      ['ok', 1],
    ]);
    expect(bench.rows().find(({ what }) => what === 'cut')).toMatchObject({ reason: 'lose-acknowledgement' });
  });

  test.each(['end', 'reset'] as const)(
    'loses a publish by %s: nothing of it that the bus could take has come',
    async (by) => {
      await using bench = await Bench.open([{ kind: 'lose-publish', message: 2, by }]);
      const { adapter, fromAdapter, fromBus } = await bench.pair();
      adapter.write(publication(1, 'in.1') + publication(2, 'in.2') + publication(3, 'in.3'));
      expect(await fromAdapter.closed()).toBe(publication(1, 'in.1'));
      await fromBus.closed();
      expect(bench.tookOf(0)).toBe('yes');
    },
  );

  test.each(['end', 'reset'] as const)('loses the acknowledgement of a delivery by %s, and no other', async (by) => {
    await using bench = await Bench.open([{ kind: 'lose-settlement', message: 2, application: 'sender', by }]);
    const { adapter, bus, fromAdapter, fromBus } = await bench.pair();
    const deliveries = [1, 2].map((id) => delivery(id, acknowledgementSubject(id)));
    for (const text of deliveries) bus.write(text);
    await fromBus.until(deliveries.join('').length);
    adapter.write(settlement(2, '+WPI') + settlement(1) + settlement(2) + 'PING\r\n');
    expect(await fromAdapter.closed()).toBe(settlement(2, '+WPI') + settlement(1));
    await fromBus.closed();
    expect(bench.tookOf(0)).toBe('yes');
    const settled = bench.rows().filter(({ what }) => what === 'acknowledgement');
    expect(settled.map(({ sequence, verb }) => [sequence, verb])).toEqual([
      [2, 'in-progress'],
      [1, 'ack'],
    ]);
  });

  test('holds back all from an acknowledgement on, for as long as it was told', async () => {
    const delayMs = 60;
    await using bench = await Bench.open([{ kind: 'delay-acknowledgement', message: 1, delayMs }]);
    const { adapter, bus, fromBus, fromAdapter } = await bench.pair();
    adapter.write(publication(1, 'in.1'));
    await fromAdapter.until(publication(1, 'in.1').length);
    const began = performance.now();
    bus.write(`PING\r\n${answer('in.1', storedAs(1))}PING\r\n`);
    expect(await fromBus.until(1)).toBe('PING\r\n');
    const all = `PING\r\n${answer('in.1', storedAs(1))}PING\r\n`;
    expect(await fromBus.until(all.length)).toBe(all);
    expect(performance.now() - began).toBeGreaterThan(delayMs - 2);
    expect(bench.rows().find(({ what }) => what === 'publish')).toMatchObject({ outcome: 'ok' });
  });

  test('holds back a publish and all that comes after it, for as long as it was told, and writes it down when it is passed on', async () => {
    const delayMs = 60;
    await using bench = await Bench.open([{ kind: 'delay-publish', message: 2, delayMs }]);
    const { adapter, fromAdapter } = await bench.pair();
    const [first, late, next] = [publication(1, 'in.1'), publication(2, 'in.2'), publication(3, 'in.3')] as const;
    const began = performance.now();
    adapter.write(`${first}${late}${next}`);
    expect(await fromAdapter.until(1)).toBe(first);
    expect(bench.rows().filter(({ what }) => what === 'publish')).toHaveLength(1);
    expect(await fromAdapter.until(first.length + 1)).toBe(`${first}${late}${next}`);
    expect(performance.now() - began).toBeGreaterThan(delayMs - 2);
    expect(
      bench
        .rows()
        .filter(({ what }) => what === 'publish')
        .map(({ message }) => message),
    ).toEqual([1, 2, 3]);
    expect(bench.tookOf(0)).toBe('yes');
  });

  test.each([100_000, 7])(
    'withholds the answers to one message for good, and passes all else on as it comes, in pieces of %i bytes',
    async (size) => {
      await using bench = await Bench.open([{ kind: 'withhold-acknowledgements', message: 1 }]);
      const { adapter, bus, fromBus, fromAdapter } = await bench.pair();
      const published = publication(1, 'in.1') + publication(2, 'in.2') + publication(1, 'in.3');
      adapter.write(published);
      expect(await fromAdapter.until(published.length)).toBe(published);
      const withheld = [answer('in.1', storedAs(1)), answer('in.3', storedAs(1, true))] as const;
      const passed = ['PING\r\n', answer('in.2', storedAs(2)), 'PING\r\n'] as const;
      const all = Buffer.from(`${passed[0]}${withheld[0]}${passed[1]}${withheld[1]}${passed[2]}`);
      for (let at = 0; at < all.length; at += size) {
        bus.write(all.subarray(at, at + size));
        await new Promise(setImmediate);
      }
      expect(await fromBus.until(passed.join('').length)).toBe(passed.join(''));
      const publishes = bench.rows().filter(({ what }) => what === 'publish');
      expect(publishes.map(({ message, outcome }) => [message, outcome])).toEqual([
        [1, 'info'],
        [2, 'ok'],
        [1, 'info'],
      ]);
      expect(bench.tookOf(0)).toBe('yes');
      adapter.write('PONG\r\n');
      expect(await fromAdapter.until(published.length + 6)).toBe(`${published}PONG\r\n`);
    },
  );

  test.each([100_000, 7])(
    'holds back every message of a connection for as long as it was told, in order, and passes all else, in pieces of %i bytes',
    async (size) => {
      await using bench = await Bench.open();
      const released = bench.holds.silence('sender', 0, 60);
      const { bus, fromBus } = await bench.pair();
      const messages = [answer('in.1', storedAs(1)), answer('in.2', storedAs(2))] as const;
      const all = Buffer.from(`${info}${messages[0]}PONG\r\n${messages[1]}+OK\r\n`);
      for (let at = 0; at < all.length; at += size) {
        bus.write(all.subarray(at, at + size));
        await new Promise(setImmediate);
      }
      const passed = `${info}PONG\r\n+OK\r\n`;
      await released;
      expect(await fromBus.until(all.length)).toBe(`${passed}${messages.join('')}`);
      const later = await bench.pair();
      later.bus.write(messages[0]);
      expect(await later.fromBus.until(messages[0].length)).toBe(messages[0]);
    },
  );

  test('holds back the answers about one consumer alone, where it was told of one', async () => {
    await using bench = await Bench.open();
    const released = bench.holds.silence('sender', 0, 60, 'THINGS.one-1');
    const { adapter, bus, fromBus, fromAdapter } = await bench.pair();
    const ask = (consumer: string, reply: string): string =>
      `PUB $JS.API.CONSUMER.INFO.THINGS.${consumer} ${reply} 0\r\n\r\n`;
    const asked = `${ask('one-1', 'in.1')}${ask('one-0', 'in.2')}`;
    adapter.write(asked);
    await fromAdapter.until(asked.length);
    const [held, passed] = [answer('in.1', '{}'), answer('in.2', '{}')] as const;
    bus.write(`${held}${passed}`);
    expect(await fromBus.until(1)).toBe(passed);
    await released;
    expect(await fromBus.until(held.length + passed.length)).toBe(`${passed}${held}`);
  });

  test('takes no connection of an instance for as long as it was told, from its first, and then takes them', async () => {
    await using bench = await Bench.open();
    const refused = bench.holds.refuse('sender', 0, 60);
    const taken = bench.holds.refuse('sender', 1, 60);
    const socket = connect({ port: Number(new URL(bench.relay.url).port), host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    await refused;
    const { adapter, fromAdapter } = await bench.pair();
    adapter.write('PING\r\n');
    expect(await fromAdapter.until(6)).toBe('PING\r\n');
    expect(
      bench
        .rows()
        .map(({ what }) => what)
        .slice(0, 2),
    ).toEqual(['refused', 'open']);
    // Of one that never tries it never begins.
    let isOver = false;
    void taken.then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
  });

  test('a fault that its publish never met did not take effect', async () => {
    await using bench = await Bench.open([{ kind: 'lose-publish', message: 9, by: 'end' }]);
    const { adapter, fromAdapter } = await bench.pair();
    adapter.write(publication(1, 'in.1'));
    await fromAdapter.until(publication(1, 'in.1').length);
    expect(bench.tookOf(0)).toBe('no');
  });

  test('cuts, takes nobody until it is told to, and takes connections again', async () => {
    await using bench = await Bench.open();
    const { fromBus } = await bench.pair();
    bench.relay.cut('reset', Infinity);
    await fromBus.closed();
    const refused = connect({ host: '127.0.0.1', port: Number(new URL(bench.relay.url).port) });
    await new Ear(refused).closed();
    bench.relay.resume();
    const again = await bench.pair();
    again.bus.write(info);
    expect(await again.fromBus.until(info.length)).toBe(info);
    expect(bench.rows().map(({ what }) => what)).toEqual(['open', 'cut', 'close', 'refused', 'open']);
  });

  test('hands on how the other side ends, with all that it said before', async () => {
    await using bench = await Bench.open();
    const { bus, fromBus } = await bench.pair();
    const error = "-ERR 'Authorization Violation'\r\n";
    bus.end(error);
    expect(await fromBus.closed()).toBe(error);
    expect(bench.rows().find(({ what }) => what === 'error')).toMatchObject({ reason: "'Authorization Violation'" });
    const next = await bench.pair();
    next.adapter.destroy();
    await next.fromAdapter.closed();
  });

  test('reads no faster than the other side does', async () => {
    await using bench = await Bench.open();
    const { adapter, bus } = await bench.pair();
    bus.pause();
    const piece = Buffer.alloc(2 ** 20, 'x');
    adapter.write(`PUB big ${String(512 * 2 ** 20)}\r\n`);
    let written = 0;
    // Until the adapter's own socket is full and stays so.
    while (written < 256 && adapter.write(piece)) written++;
    for (let idle = 0; idle < 20; idle++) {
      const before = adapter.bytesWritten;
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (adapter.bytesWritten > before) idle = 0;
      if (!adapter.writableNeedDrain && written < 256) {
        adapter.write(piece);
        written++;
      }
    }
    // What a machine's sockets hold, and no more: the rest waits with the adapter.
    expect(written).toBeLessThan(64);
  });

  test('passes on unread what is not the protocol, and says so', async () => {
    await using bench = await Bench.open();
    const { adapter, fromAdapter } = await bench.pair();
    const bytes = '\u0016\u0003\u0001 and so on';
    adapter.write(Buffer.from(bytes, 'latin1'));
    expect(await fromAdapter.until(bytes.length)).toBe(bytes);
    expect(bench.rows().map(({ what, reason }) => `${what} ${reason}`)).toEqual(['open ', 'unparsed to-bus: TLS']);
  });

  test('refuses an address that is none', async () => {
    const history = new HistoryBuilder();
    const now = (): number => 0;
    const faults = new WireFaults([], { history, now, senderOf: () => '' });
    const common = {
      application: 'a',
      instance: 0,
      trial: () => ({ history, now, identify: () => NONE, holds: new Holds(), faults }),
    };
    await expect(Relay.open({ url: 'http://x/y', ...common })).rejects.toThrow(/cannot reach the bus/);
  });
});
