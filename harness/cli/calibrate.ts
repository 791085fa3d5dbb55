import { randomInt } from 'node:crypto';
import { bank } from '../calibrate/bank/index.ts';
import { calibrate, type Calibrated } from '../calibrate/calibrate.ts';
import { loadContracts, shorten } from '../contracts/index.ts';
import { Problem } from '../model/errors.ts';
import { failureBound } from '../model/verdict.ts';
import { defaultTimeScale, defaultWidth } from './defaults.ts';
import { interruptedCode, interruptible } from './interrupt.ts';
import { openBus, type BusOptions } from './open-bus.ts';

export interface CalibrateOptions extends BusOptions {
  readonly contracts: string;
  readonly seed?: number;
  readonly width?: number;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Shows that each defect of the bank is caught, and that what is healthy is green. */
export async function calibrateCommand(names: readonly string[], options: CalibrateOptions): Promise<number> {
  const unknown = names.find((name) => !bank.some((defect) => defect.name === name));
  if (unknown !== undefined) {
    throw new Problem('usage', `there is no defect ${unknown}`, { next: 'busworthy calibrate --list names them' });
  }
  const chosen = names.length === 0 ? bank : bank.filter((defect) => names.includes(defect.name));
  if (options.list === true) {
    for (const { name, clause, title } of chosen) process.stdout.write(`${name.padEnd(32)} ${clause.padEnd(6)} ${title}\n`);
    return 0;
  }
  using interrupt = interruptible();
  const talk = options.json === true ? process.stderr : process.stdout;
  const { services, catalogue } = await loadContracts(options.contracts);
  const seed = options.seed ?? randomInt(1, 2 ** 31);
  await using bus = await openBus(options, (line) => talk.write(`${line}\n`));
  talk.write(`bus: nats-server ${bus.serverVersion} (${bus.runtime}), seed ${String(seed)}, ${String(chosen.length)} defects\n`);
  const results = await calibrate({
    services: services.map((service) => shorten(service, defaultTimeScale).service),
    catalogue,
    bus,
    bank: chosen,
    seed,
    width: options.width ?? defaultWidth,
    signal: interrupt.signal,
    onResult: (result) => talk.write(line(result)),
  });
  if (interrupt.signal.aborted) return interruptedCode;
  if (options.json === true) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  talk.write(summary(results));
  return results.every((result) => result.result === 'caught' || result.result === 'green') ? 0 : 1;
}

function line({ name, defect, result, failed, undecided, why, durationMs }: Calibrated): string {
  const by = result === 'caught' || result === 'green' ? '' : ` [fails: ${failed.join(' ') || 'none'}; undecided: ${undecided.join(' ') || 'none'}] ${why}`;
  const what = defect === undefined ? 'healthy' : defect.clause;
  return `${result.padEnd(18)}${what.padEnd(8)}${name}  ${(durationMs / 1000).toFixed(1)} s${by}\n`;
}

function summary(results: readonly Calibrated[]): string {
  const count = (word: Calibrated['result']): number => results.filter(({ result }) => result === word).length;
  const defects = results.filter(({ defect }) => defect !== undefined).length;
  const healthy = results.length - defects;
  const rate = defects === 0 ? 100 : (100 * count('caught')) / defects;
  const bound = count('red') === 0 && healthy > 0 ? `, so that at most ${(100 * failureBound(healthy)).toFixed(1)} % are red (95 % confidence)` : '';
  return (
    `\n${String(count('caught'))} of ${String(defects)} defects caught by the clause they name (${rate.toFixed(0)} %), ` +
    `${String(count('caught-by-another'))} by another clause only, ${String(count('missed'))} missed\n` +
    `${String(count('green'))} of ${String(healthy)} healthy runs green${bound}\n`
  );
}
