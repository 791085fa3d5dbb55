import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A folder of the checkout, as seen from where the command was called. */
const inCheckout = (folder: string): string => relative(process.cwd(), resolve(root, folder)) || '.';

export const defaultContracts = inCheckout('contracts');
export const defaultOut = inCheckout('reports/out');

/**
 * How much shorter declared durations are, unless the command line says otherwise: two minutes become 0.6 s, and what would
 * come below its floor is the floor.
 */
export const defaultTimeScale = 0.005;

/** Trials side by side: most of a trial is waiting, so more than there are cores. */
export const defaultWidth = 20;

/** The same for a calibration: some defects show by their timing alone, which a busy process hides. */
export const calibrationWidth = 8;

/** Workloads by chance side by side: most of each is waiting, for back-offs and windows. */
export const explorationWidth = 12;

/** Tries of smaller workloads side by side: more would keep each other from being in time. */
export const shrinkWidth = 4;

/** Seconds in which a run that fails looks for the smallest workloads that show it. */
export const defaultShrinkSeconds = 30;

/** The same of an exploration, whose workloads nobody has made to be quick. */
export const exploreShrinkSeconds = 120;

export const version = (JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { version: string }).version;
