import type { Calibrated } from '../calibrate/calibrate.ts';
import { failureBound } from '../model/verdict.ts';
import { percent } from '../../reports/figures.ts';

/** As it must be: a defect is caught by its clause, and what is healthy is green. */
export const isRight = ({ result }: Calibrated): boolean => result === 'caught' || result === 'green';

/** What is not as it must be, once more at the end, where it is read first; and the command that shows the defects among them again. */
export function wrongLines(
  results: readonly Calibrated[],
  { seed, throughAdapters }: { readonly seed: number; readonly throughAdapters?: boolean },
): string {
  const all = results.filter((result) => !isRight(result));
  const defects = all.filter(({ defect }) => defect !== undefined).map(({ name }) => name);
  const how = `--seed ${String(seed)}${throughAdapters === true ? ' --through-adapters' : ''}`;
  return (
    all.map(resultLine).join('') +
    (defects.length === 0 ? '' : `again: busworthy calibrate ${defects.join(' ')} ${how}\n`)
  );
}

/** One line: what came of it, by which clause it must be caught, its name, how long it took; and where it is not right, why. */
export function resultLine(calibrated: Calibrated): string {
  const { name, defect, result, failed, undecided, why, durationMs } = calibrated;
  const by = isRight(calibrated)
    ? ''
    : ` [fails: ${failed.join(' ') || 'none'}; undecided: ${undecided.join(' ') || 'none'}] ${why}`;
  const what = defect === undefined ? 'healthy' : defect.clause;
  return `${result.padEnd(18)}${what.padEnd(8)}${name}  ${(durationMs / 1000).toFixed(1)} s${by}\n`;
}

/** How many defects were caught, and how many healthy runs were green. */
export function summary(results: readonly Calibrated[]): string {
  const count = (word: Calibrated['result']): number => results.filter(({ result }) => result === word).length;
  const defects = results.filter(({ defect }) => defect !== undefined).length;
  const healthy = results.length - defects;
  const rate = defects === 0 ? 1 : count('caught') / defects;
  const bound =
    count('red') === 0 && healthy > 0
      ? `, so that at most ${(100 * failureBound(healthy)).toFixed(1)} % are red (95 % confidence)`
      : '';
  return (
    `\n${String(count('caught'))} of ${String(defects)} defects caught by the clause they name (${percent(rate)}), ` +
    `${String(count('caught-by-another'))} by another clause only, ${String(count('missed'))} missed\n` +
    `${String(count('green'))} of ${String(healthy)} healthy runs green${bound}\n`
  );
}
