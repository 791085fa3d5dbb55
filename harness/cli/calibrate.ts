import { randomInt } from 'node:crypto';
import { bank } from '../calibrate/bank/index.ts';
import { sampleOf } from '../calibrate/sample.ts';
import { calibrate, type Calibrated } from '../calibrate/calibrate.ts';
import { fitsProgram, needsProgram, type Defect } from '../calibrate/defect.ts';
import { digestsOf, recordCalibration } from '../calibrate/record.ts';
import { FaultyEnds } from '../calibrate/faulty-ends.ts';
import { timestamp } from '../engine/clock.ts';
import { loadContracts, shorten } from '../contracts/index.ts';
import { Problem } from '../model/errors.ts';
import type { Calibration } from '../model/calibration.ts';
import type { Catalogue } from '../model/clause.ts';
import { isRight, resultLine, summary, wrongLines } from './calibration-lines.ts';
import { defaultTimeScale, calibrationWidth, version } from './defaults.ts';
import { widthWith } from './ends.ts';
import { interruptible, type Interrupt } from './interrupt.ts';
import { knownName } from './known.ts';
import { checkBusOptions, openBus, type BusOptions } from './open-bus.ts';

export interface CalibrateOptions extends BusOptions {
  readonly contracts: string;
  readonly seed?: number;
  readonly width?: number;
  readonly throughAdapters?: boolean;
  readonly record?: boolean;
  /** Of the defects that the harness's own process shows too, only so many. */
  readonly sample?: number;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Shows that each defect of the bank is caught, and that what is healthy is green. */
export async function calibrateCommand(names: readonly string[], options: CalibrateOptions): Promise<number> {
  checkBusOptions(options);
  const those = bank.filter((defect) =>
    options.throughAdapters === true ? fitsProgram(defect) : !needsProgram(defect),
  );
  const known = those.map(({ name }) => name);
  const wanted = new Set(
    names.map((name) => knownName('defect', name, known, 'busworthy calibrate --list names them')),
  );
  const seed = options.seed ?? randomInt(1, 2 ** 31);
  const all = wanted.size === 0 ? those : those.filter(({ name }) => wanted.has(name));
  const chosen = options.sample === undefined ? all : sampleOf(all, options.sample, seed);
  if (options.list === true) {
    process.stdout.write(options.json === true ? listJson(chosen) : chosen.map(listLine).join(''));
    return 0;
  }
  if (options.record === true && (chosen.length < those.length || options.throughAdapters === true)) {
    throw new Problem('usage', 'only a calibration of the whole bank is recorded, with the harness’s own adapters', {
      next: 'busworthy calibrate --record, without names of defects',
    });
  }
  return interruptible((interrupt) => perform(chosen, { ...options, seed }, interrupt));
}

async function perform(
  chosen: readonly Defect[],
  options: CalibrateOptions & { readonly seed: number },
  interrupt: Interrupt,
): Promise<number> {
  const talk = options.json === true ? process.stderr : process.stdout;
  const { services, catalogue } = await loadContracts(options.contracts, [
    ...new Set(chosen.map(({ flow }) => flow.split('/')[0] ?? '')),
  ]);
  await interrupt.check();
  const { seed } = options;
  const most = Math.max(...services.map(({ applications }) => applications.length));
  await using bus = await openBus(options, (line) => talk.write(`${line}\n`));
  await using ends = options.throughAdapters === true ? await FaultyEnds.open(options.contracts) : undefined;
  talk.write(
    `bus: nats-server ${bus.serverVersion} (${bus.runtime}), seed ${String(seed)}, ${String(chosen.length)} ${chosen.length === 1 ? 'defect' : 'defects'}\n`,
  );
  const results = await calibrate({
    services: services.map((service) => shorten(service, defaultTimeScale).service),
    catalogue,
    bus,
    bank: chosen,
    seed,
    // Somebody else's bus has one account: one trial after another.
    width:
      bus.runtime === 'external' ? 1 : (options.width ?? (ends === undefined ? calibrationWidth : widthWith(most))),
    ...(ends === undefined ? {} : { ends }),
    signal: interrupt.signal,
    onResult: (result) => talk.write(resultLine(result)),
  });
  interrupt.signal.throwIfAborted();
  if (options.json === true) process.stdout.write(`${JSON.stringify(results.map(resultJson), null, 2)}\n`);
  talk.write(`${summary(results)}${wrongLines(results, options)}`);
  if (options.record === true) {
    const file = recordCalibration(recordOf(results, { seed, natsServer: bus.serverVersion, catalogue }));
    talk.write(`recorded in ${file}\n`);
  }
  return results.every(isRight) ? 0 : 1;
}

function recordOf(
  results: readonly Calibrated[],
  {
    seed,
    natsServer,
    catalogue,
  }: { readonly seed: number; readonly natsServer: string; readonly catalogue: Catalogue },
): Calibration {
  const count = (word: Calibrated['result']): number => results.filter(({ result }) => result === word).length;
  const defects = results.filter(({ defect }) => defect !== undefined).length;
  return {
    calibratedAt: timestamp(),
    seed,
    versions: { busworthy: version, node: process.version, natsServer },
    ...digestsOf(catalogue),
    defects,
    caught: count('caught'),
    healthyRuns: results.length - defects,
    green: count('green'),
  };
}

const listLine = ({ name, clause, title }: Defect): string => `${name.padEnd(40)} ${clause.padEnd(6)} ${title}\n`;

const listJson = (defects: readonly Defect[]): string => `${JSON.stringify(defects.map(defectJson), null, 2)}\n`;

/** What breaks is code: its name and what it must be caught by are data. */
const defectJson = ({ name, title, clause, flow, scenario }: Defect): object => ({
  name,
  title,
  clause,
  flow,
  scenario,
});

const resultJson = ({ defect, ...result }: Calibrated): object => ({
  ...result,
  ...(defect === undefined ? {} : { defect: defectJson(defect) }),
});
