import type { JudgedTrial } from '../model/judgement.ts';

/** Tells how far a run has come: one line that changes on a terminal, one line a trial elsewhere. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #total: number;
  readonly #live: boolean;
  #done = 0;

  constructor(stream: NodeJS.WriteStream, total: number) {
    this.#stream = stream;
    this.#total = total;
    this.#live = stream.isTTY && process.env['TERM'] !== 'dumb';
  }

  trial(judged: JudgedTrial, durationMs: number): void {
    this.#done++;
    const failed = judged.findings.filter((finding) => finding.failed > 0).map((finding) => finding.clause);
    const open = judged.findings.filter(
      (finding) => finding.failed === 0 && finding.undecided !== undefined && judged.header.clauses.includes(finding.clause),
    );
    const what =
      failed.length > 0
        ? `FAIL ${[...new Set(failed)].join(' ')}`
        : open.length > 0
          ? `inconclusive ${[...new Set(open.map((finding) => finding.clause))].join(' ')}`
          : 'ok';
    const count = `[${String(this.#done).padStart(String(this.#total).length)}/${String(this.#total)}]`;
    const line = `${count} ${judged.header.id}  ${what}  ${(durationMs / 1000).toFixed(1)} s`;
    if (!this.#live) this.#stream.write(`${line}\n`);
    else if (what === 'ok') this.#stream.write(`\r\u001B[K${line.slice(0, this.#stream.columns - 1)}`);
    else this.#stream.write(`\r\u001B[K${line}\n`);
  }

  note(text: string): void {
    this.#stream.write(this.#live ? `\r\u001B[K${text}\n` : `${text}\n`);
  }

  end(): void {
    if (this.#live) this.#stream.write('\r\u001B[K');
  }
}
