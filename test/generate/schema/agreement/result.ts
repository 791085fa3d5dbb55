/** What `npm run agreement` found last, as it is checked in. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PATH = join(import.meta.dirname, 'result.json');

export interface Agreement {
  /** As objects, and as many as bytes. */
  readonly valuesOfEach: number;
  readonly schemas: number;
  readonly distinct: number;
  /** By ajv or hyperjump. */
  readonly refused: number;
}

export const lastAgreement = (): Agreement => JSON.parse(readFileSync(PATH, 'utf8')) as Agreement;
export const keep = (found: Agreement): void => writeFileSync(PATH, `${JSON.stringify(found, null, 2)}\n`);
