import { hash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Catalogue } from '../model/clause.ts';
import { known, type Calibration, type KnownCalibration } from '../model/calibration.ts';

const bankFolder = join(import.meta.dirname, 'bank');
const recordFile = join(import.meta.dirname, 'last-calibration.json');

/** Digests of what a calibration is of. What a defect breaks is code: that of the bank counts. */
export function digestsOf(catalogue: Catalogue): Pick<Calibration, 'catalogueDigest' | 'bankDigest'> {
  const files = globSync('*.ts', { cwd: bankFolder }).toSorted();
  const sources = files.map((file) => [file, readFileSync(join(bankFolder, file), 'utf8')]);
  return {
    catalogueDigest: hash('sha256', JSON.stringify(catalogue.clauses)),
    bankDigest: hash('sha256', JSON.stringify(sources)),
  };
}

/** The calibration that is checked in, and whether it is of this version; undefined where there is none. */
export function lastCalibration(catalogue: Catalogue, busworthy: string): KnownCalibration | undefined {
  let text: string;
  try {
    text = readFileSync(recordFile, 'utf8');
  } catch {
    return undefined;
  }
  return known(JSON.parse(text) as Calibration, { ...digestsOf(catalogue), busworthy });
}

/** Writes it in the place of the last one; gives the file's path, as seen from the working folder. */
export function recordCalibration(calibration: Calibration): string {
  writeFileSync(recordFile, `${JSON.stringify(calibration, null, 2)}\n`);
  return relative(process.cwd(), recordFile);
}
