import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { checkers } from '../../harness/checkers/index.ts';
import { applies, type Clause } from '../../harness/model/clause.ts';
import { scenarios } from '../../scenarios/index.ts';
import { planTrials } from '../../scenarios/plan.ts';
import { catalogue, services } from '../fixtures/services.ts';
import { REPOSITORY } from '../tools/planted-tree.ts';

/** What the documents speak of, as the code has it. */
export const trials = planTrials(services, catalogue, {}, 1);
/** What a run performs that is told nothing. */
export const coreTrials = planTrials(
  services,
  catalogue,
  { claimed: catalogue.profiles.find(({ name }) => name === 'core')?.clauses ?? [] },
  1,
);
export const flows = services.flatMap((service) => service.flows);
export const decided = catalogue.clauses.filter((clause) => clause.checker !== undefined);
export { bank, catalogue, checkers, scenarios, services };

export const flowsOf = (clause: Clause): readonly string[] =>
  flows.filter((flow) => applies(clause, flow)).map((flow) => flow.id);

/** Scenarios that decide a clause on some flow of the six services. */
export const scenariosOf = (clause: Clause): readonly string[] =>
  scenarios
    .map(({ name }) => name)
    .filter((name) => trials.some(({ header }) => header.scenario === name && header.clauses.includes(clause.id)));

export const defectsOf = (clause: Clause) => bank.filter((defect) => defect.clause === clause.id);

/** Families of clauses, in the order of the catalogue. */
export const families = {
  ENV: 'Envelope',
  SCH: 'Schema',
  CON: 'Contracts of consumers',
  DEL: 'Delivery',
  ORD: 'Order',
  DUP: 'Duplicates',
  REP: 'Request and reply',
  DLQ: 'Retries and dead letters',
  AUD: 'Audit',
  SEC: 'Security',
  LIF: 'Life of an adapter',
  RES: 'Resilience',
  PER: 'Performance',
  OBS: 'Observability',
  VER: 'Versions',
  MIG: 'Migration',
} as const;

export const familyOf = (clause: Clause): string => clause.id.slice(0, clause.id.indexOf('-'));

export const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');
