import { argv } from 'node:process';
import { standardHabits } from '../adapters/reference/typescript/habits.ts';
import { runReferenceAdapter } from '../adapters/reference/typescript/run.ts';
import { standardSteps } from '../patterns/steps.ts';
import { bank } from './bank/index.ts';
import { fitsProgram } from './defect.ts';

// The reference adapter as a program, with one defect of the bank; without a name it is in good health.
const [, , name] = argv;
const defect = bank.find((candidate) => candidate.name === name);
if (name !== undefined && (defect === undefined || !fitsProgram(defect)))
  throw new RangeError(`${name} is no defect of an adapter`);
await runReferenceAdapter(
  { ...standardSteps, ...defect?.breaks.steps },
  { ...standardHabits, ...defect?.breaks.habits },
);
