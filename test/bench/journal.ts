/**
 * What `busworthy judge` costs: a synthetic, healthy journal of about a million operations is written, then read and judged in a
 * process of its own, whose seconds and largest memory are printed. It asserts nothing. `node test/bench/journal.ts [messages]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkers } from '../../harness/checkers/index.ts';
import { readJournal } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { judge } from '../../harness/evidence/judge.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import { flows, serviceOf } from '../checkers/flows.ts';
import { perform, plainHappenings } from '../checkers/healthy.ts';
import { World } from '../checkers/world.ts';
import { runHeader, trialHeader } from '../fixtures/journal.ts';

const [first = '330000', journal] = process.argv.slice(2);
if (first === '--judge' && journal !== undefined) judgeHere(journal);
else bench(Number(first));

function judgeHere(path: string): void {
  const began = performance.now();
  const read = readJournal(path);
  const readMs = performance.now() - began;
  const run = judge(read);
  const tookMs = performance.now() - began;
  const { maxRSS } = process.resourceUsage();
  console.log(
    `read in ${readMs.toFixed(0)} ms, read and judged in ${tookMs.toFixed(0)} ms, ${(process.uptime() * 1000).toFixed(0)} ms since the process began, ` +
      `${(maxRSS / 1024).toFixed(0)} MiB at most; ${String(run.trials.length)} trial, ${String(run.latencies.length)} latencies`,
  );
}

function bench(messages: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'busworthy-bench-'));
  try {
    const path = join(folder, 'journal.bwj');
    const operations = write(path, messages);
    console.log(`${String(operations)} operations, ${(statSync(path).size / 2 ** 20).toFixed(0)} MiB`);
    const script = process.argv[1] ?? '';
    for (let round = 0; round < 3; round++)
      process.stdout.write(execFileSync(process.execPath, [script, '--judge', path]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(path: string, messages: number): number {
  const flow = { ...flows['ordered-stream'], receivers: [{ application: 'one', filter: {} }] };
  const builder = new HistoryBuilder();
  const world = new World(flow, (table, row) => void builder.append(table, row));
  perform(world, plainHappenings(messages, Math.max(1, Math.round(messages / 50))));
  const history = builder.history();
  using writer = new JournalWriter(path, runHeader([serviceOf(flow)]));
  const clauses = checkers.flatMap((checker) => checker.clauses);
  const trial = writer.begin(trialHeader({ flow: flow.id, clauses }));
  writer.end(trial, history, { durationMs: 1000, epochMs: 0 });
  writer.finish(1000);
  return history.send.length + history.delivery.length + history.acknowledgement.length;
}
