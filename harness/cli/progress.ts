import type { JudgedTrial } from '../model/judgement.ts';
import { columnsOf } from './columns.ts';

const startOfLine = '\r\u001B[K';

/** Tells how far a run has come: one line that changes on a terminal, one line a trial elsewhere. */
export class ProgressLine implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  #total: number;
  readonly #live: boolean;
  #done = 0;
  /** What the changing line says at present. */
  #line = '';

  constructor(stream: NodeJS.WriteStream, total: number) {
    this.#stream = stream;
    this.#total = total;
    this.#live = stream.isTTY && process.env['TERM'] !== 'dumb';
  }

  trial(judged: JudgedTrial, durationMs: number): void {
    this.#done++;
    const what = outcome(judged);
    const line = `${this.#count()} ${judged.header.id}  ${what}  ${(durationMs / 1000).toFixed(1)} s`;
    if (!this.#live) this.#stream.write(`${line}\n`);
    else if (what === 'ok') this.#show(line);
    else this.note(line);
  }

  /** A trial has begun that nothing runs beside: on a terminal it is named until it ends. */
  running(id: string): void {
    this.#show(`${this.#count()} ${id}  running`);
  }

  /** A line that stays. */
  note(text: string): void {
    this.#stream.write(this.#live ? `${startOfLine}${text}\n` : `${text}\n`);
    this.#show(this.#line);
  }

  /** So many trials more than there were to be, and why. */
  more(count: number, why: string): void {
    this.#total += count;
    this.note(why);
  }

  /** The trials have begun: on a terminal the changing line appears. */
  begin(): void {
    this.#show(`${this.#count()} running`);
  }

  /** Takes the changing line away. */
  [Symbol.dispose](): void {
    this.#show('');
  }

  #count(): string {
    return `[${String(this.#done).padStart(String(this.#total).length)}/${String(this.#total)}]`;
  }

  #show(line: string): void {
    if (!this.#live || (line === '' && this.#line === '')) return;
    this.#line = line;
    this.#stream.write(`${startOfLine}${line.slice(0, (columnsOf(this.#stream) ?? 80) - 1)}`);
  }
}

function outcome({ header, findings }: JudgedTrial): string {
  const ids = (list: readonly { readonly clause: string }[]): string =>
    [...new Set(list.map(({ clause }) => clause))].join(' ');
  const failed = findings.filter((finding) => finding.failed > 0);
  if (failed.length > 0) return `FAIL ${ids(failed)}`;
  const open = findings.filter((finding) => finding.undecided !== undefined && header.clauses.includes(finding.clause));
  return open.length > 0 ? `inconclusive ${ids(open)}` : 'ok';
}
