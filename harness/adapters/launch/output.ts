import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** What is kept of one instance's output, in bytes; the rest is counted. */
export const outputBytes = 4 * 1024 ** 2;
/** Longest line, in characters; a longer one goes on in the next, which repeats its end so that nothing is missed between. */
const lineLength = 16_384;
const overlap = 512;
const tailLines = 12;
const tailLength = 300;

/** The output of one instance, line by line and within bounds. All of it is read, so that it never stalls its writer. */
export class Output {
  readonly #onLine: (line: string) => void;
  readonly #tail: string[] = [];
  #bytes = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Bytes that were not kept. */
  get dropped(): number {
    return Math.max(0, this.#bytes - outputBytes);
  }

  /** The last lines that were kept, cut, for messages about a start. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  read(stream: Readable): void {
    const decoder = new StringDecoder('utf8');
    let open = '';
    stream.on('data', (chunk: Buffer) => {
      const before = this.#bytes;
      this.#bytes += chunk.length;
      if (before >= outputBytes) return;
      open = this.#lines(open + decoder.write(chunk.subarray(0, outputBytes - before)));
    });
    stream.once('close', () => {
      if (open !== '') this.#line(open);
    });
    stream.on('error', () => undefined);
  }

  #lines(text: string): string {
    const lines = text.split('\n');
    let open = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    while (open.length > lineLength) {
      this.#line(open.slice(0, lineLength));
      open = open.slice(lineLength - overlap);
    }
    return open;
  }

  #line(line: string): void {
    this.#tail.push(line.slice(0, tailLength));
    if (this.#tail.length > tailLines) this.#tail.shift();
    this.#onLine(line);
  }
}
