import { connect, type Socket } from 'node:net';

import type { Conversation, Way } from './conversation.ts';
import type { Frame } from './frames.ts';
import type { Silence } from './holds.ts';

interface Pipe {
  readonly from: Socket;
  readonly to: Socket;
  readonly way: Way;
  /** The beginning of an operation that is passed on whole, or not at all. */
  kept: Buffer;
  /** Waits for its delay to end; nothing is read meanwhile. */
  held: NodeJS.Timeout | undefined;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly frame: Frame;
}

export interface ConnectionOptions {
  readonly adapter: Socket;
  readonly bus: { readonly host: string; readonly port: number };
  readonly conversation: Conversation;
  /** The relay is about to end it, and takes no other for so long. */
  readonly onCut: (why: string, refuseMs: number) => void;
  readonly onClose: (reason: string) => void;
  /** Both sockets are gone. */
  readonly onGone: () => void;
}

/**
 * One connection of an adapter and its other half to the bus. Bytes go on as they come, and are read no faster than the other
 * side takes them; where one side ends, so does the other.
 */
export class RelayedConnection {
  readonly #options: ConnectionOptions;
  readonly #bus: Socket;
  readonly #pipes: readonly Pipe[];
  /** Messages to the adapter that wait to be let go, in their order; undefined where none has to wait. */
  #waiting: Waiting[] | undefined;
  #over = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { adapter } = options;
    const bus = connect({ ...options.bus, noDelay: true });
    this.#bus = bus;
    this.#pipes = [
      { from: adapter, to: bus, way: 'to-bus', kept: nothing, held: undefined },
      { from: bus, to: adapter, way: 'to-adapter', kept: nothing, held: undefined },
    ];
    for (const pipe of this.#pipes) this.#start(pipe);
    let open = this.#pipes.length;
    for (const { from } of this.#pipes) {
      from.once('close', () => {
        if (--open === 0) options.onGone();
      });
    }
  }

  /** Ends both sides at once, whatever was still on its way. */
  destroy(): void {
    this.end('end');
    for (const { from } of this.#pipes) from.destroy();
  }

  /** Holds back every message to the adapter, or every answer about one consumer, and lets all else pass. To be called before anything has come. */
  hold({ over, of }: Silence): void {
    const waiting: Waiting[] = [];
    this.#waiting = waiting;
    this.#options.conversation.listenFor(of);
    const pipe = this.#pipes.find(({ way }) => way === 'to-adapter');
    void over.then(() => {
      this.#waiting = undefined;
      this.#options.conversation.listenFor(undefined);
      if (this.#over || pipe === undefined) return;
      for (const { bytes, frame } of waiting) this.#pass(pipe, bytes, [frame]);
    });
  }

  cut(by: 'end' | 'reset', why = 'cut', refuseMs = 0): void {
    if (this.#over) return;
    this.#options.onCut(why, refuseMs);
    this.end(by);
  }

  /** Ends both sides: what was passed on before still arrives, unless it is a reset. */
  end(by: 'end' | 'reset', reason = ''): void {
    if (this.#over) return;
    this.#over = true;
    for (const pipe of this.#pipes) clearTimeout(pipe.held);
    const { adapter } = this.#options;
    if (by === 'reset') adapter.resetAndDestroy();
    else adapter.destroySoon();
    this.#bus.destroySoon();
    this.#options.onClose(reason);
  }

  #start(pipe: Pipe): void {
    const { from, to } = pipe;
    from.on('data', (chunk: Buffer) => {
      if (!this.#over) this.#read(pipe, chunk);
    });
    to.on('drain', () => {
      if (pipe.held === undefined) from.resume();
    });
    from.on('error', (error: NodeJS.ErrnoException) => this.end('end', error.code ?? error.name));
    from.on('close', () => {
      if (pipe.held === undefined) this.end('end');
    });
  }

  #read(pipe: Pipe, chunk: Buffer): void {
    const { conversation } = this.#options;
    const frames = conversation.read(pipe.way, chunk);
    const before = pipe.kept.length;
    const all = before === 0 ? chunk : Buffer.concat([pipe.kept, chunk]);
    const waiting = pipe.way === 'to-adapter' ? this.#waiting : undefined;
    const end = Math.max(0, all.length - conversation.unfinished(pipe.way, waiting !== undefined));
    pipe.kept = all.subarray(end);
    const shifted = before === 0 ? frames : frames.map((frame) => moved(frame, before));
    if (waiting === undefined) {
      this.#pass(pipe, all.subarray(0, end), shifted);
      return;
    }
    let passed = 0;
    for (const frame of shifted) {
      if (frame.operation !== 'MSG' && frame.operation !== 'HMSG') continue;
      if (!conversation.isListenedFor(frame)) continue;
      this.#passRange(pipe, all, [passed, frame.start], shifted);
      waiting.push({ bytes: all.subarray(frame.start, frame.end), frame: moved(frame, -frame.start) });
      passed = frame.end;
    }
    this.#passRange(pipe, all, [passed, end], shifted);
  }

  /** Passes on what stands in a range, with the operations that end there. */
  #passRange(pipe: Pipe, all: Buffer, [from, to]: readonly [number, number], frames: readonly Frame[]): void {
    const within = frames.filter((frame) => frame.end > from && frame.end <= to);
    this.#pass(
      pipe,
      all.subarray(from, to),
      within.map((frame) => moved(frame, -from)),
    );
  }

  /** Passes a chunk on, up to the operation that a fault befalls. */
  #pass(pipe: Pipe, chunk: Buffer, frames: readonly Frame[]): void {
    for (const [index, frame] of frames.entries()) {
      const armed = this.#options.conversation.hear(pipe.way, frame);
      if (armed === undefined) continue;
      const start = Math.max(0, frame.start);
      this.#write(pipe, chunk.subarray(0, start));
      armed.took();
      if (armed.fault.kind === 'withhold-acknowledgements') {
        const rest = frames.slice(index + 1).map((one) => moved(one, -frame.end));
        this.#pass(pipe, chunk.subarray(frame.end), rest);
      } else if (armed.fault.kind === 'delay-acknowledgement' || armed.fault.kind === 'delay-publish') {
        const rest = frames.slice(index).map((one) => moved(one, -start));
        this.#hold(pipe, armed.fault.delayMs, () => this.#pass(pipe, chunk.subarray(start), rest));
      } else this.cut(armed.fault.by, armed.fault.kind, armed.fault.refuseMs);
      return;
    }
    this.#write(pipe, chunk);
  }

  #hold(pipe: Pipe, delayMs: number, then: () => void): void {
    pipe.from.pause();
    pipe.held = setTimeout(() => {
      pipe.held = undefined;
      then();
      if (pipe.from.destroyed) this.end('end');
      else if (pipe.held === undefined && !pipe.to.writableNeedDrain) pipe.from.resume();
    }, delayMs);
  }

  #write(pipe: Pipe, bytes: Buffer): void {
    if (bytes.length > 0 && !pipe.to.write(bytes)) pipe.from.pause();
  }
}

const nothing = Buffer.alloc(0);

const moved = (frame: Frame, by: number): Frame => ({ ...frame, start: frame.start + by, end: frame.end + by });
