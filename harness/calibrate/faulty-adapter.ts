import { argv } from 'node:process';
import { runReferenceAdapter } from '../adapters/reference/typescript/run.ts';
import { standardSteps } from '../patterns/steps.ts';
import { bank } from './bank/index.ts';

// The reference adapter as a program, with one defect of the bank; without a name it is in good health.
const [, , name] = argv;
const defect = bank.find((candidate) => candidate.name === name);
if (name !== undefined && defect?.breaks.steps === undefined)
  throw new RangeError(`${name} is no defect of an adapter`);
await runReferenceAdapter({ ...standardSteps, ...defect?.breaks.steps });
