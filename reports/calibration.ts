import type { Run } from '../harness/model/run.ts';
import { count, dateTime, percent } from './figures.ts';

/** What the last calibration says of this version, in a sentence: one of another version has no figures to tell. */
export function calibrationText({ header: { calibration } }: Run): string {
  if (calibration === undefined) return 'not calibrated: no calibration is recorded';
  const { calibratedAt, defects, caught, healthyRuns, green, bound, stale } = calibration;
  if (stale !== '')
    return `not calibrated as it is: the last calibration, of ${dateTime(calibratedAt)}, is stale: ${stale}`;
  const most = bound === undefined ? '' : `, so that at most ${percent(bound)} are red (95 % confidence)`;
  return (
    `calibrated on ${dateTime(calibratedAt)}: ${count(caught)} of ${count(defects)} defects caught (${percent(defects === 0 ? 0 : caught / defects)}), ` +
    `${count(green)} of ${count(healthyRuns)} healthy runs green${most}`
  );
}
