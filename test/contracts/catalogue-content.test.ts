import { describe, expect, test } from 'vitest';
import { loadContracts } from '../../harness/contracts/index.ts';
import { loadCatalogue } from '../../harness/contracts/catalogue.ts';
import { applies } from '../../harness/model/clause.ts';

const contracts = new URL('../../contracts/', import.meta.url);
const { clauses, profiles, requirements } = await loadCatalogue();
const { services } = await loadContracts(contracts.pathname);
const flows = services.flatMap((service) => service.flows);

/** Families and how many clauses each has. */
const families = {
  ENV: 7,
  SCH: 5,
  CON: 2,
  DEL: 7,
  ORD: 4,
  DUP: 3,
  REP: 3,
  DLQ: 4,
  AUD: 5,
  SEC: 4,
  LIF: 4,
  RES: 3,
  PER: 3,
  OBS: 1,
  VER: 1,
  MIG: 2,
};
const everyId = Object.entries(families).flatMap(([family, count]) =>
  Array.from({ length: count }, (_, at) => `${family}-${String(at + 1)}`),
);
const undecided = 'DLQ-3 AUD-5 SEC-1 SEC-2 SEC-3 RES-1 RES-2 RES-3 PER-2 PER-3 OBS-1 VER-1 MIG-1 MIG-2'.split(' ');
const profileNamed = (name: string): readonly string[] =>
  profiles.find((profile) => profile.name === name)?.clauses ?? [];
/** Ids of the decided clauses that a flow is judged by. */
const askedOf = (id: string): readonly string[] => {
  const flow = flows.find((candidate) => candidate.id === id);
  if (flow === undefined) throw new Error(`no flow ${id}`);
  return clauses.filter((clause) => clause.checker !== undefined && applies(clause, flow)).map((clause) => clause.id);
};

describe('the clauses', () => {
  test('are all there, in the order of their families', () => {
    expect(clauses.map(({ id }) => id)).toEqual(everyId);
  });

  test('are each decided by a family of checks, or say why not', () => {
    expect(clauses.filter(({ checker }) => checker === undefined).map(({ id }) => id)).toEqual(undecided);
    const decided = [
      'envelope',
      'schema',
      'delivery',
      'order',
      'duplicate',
      'reply',
      'dead-letter',
      'audit',
      'wire',
      'performance',
      'contract',
      'life',
    ];
    expect(new Set(clauses.flatMap(({ checker }) => checker ?? []))).toEqual(new Set(decided));
  });

  test('that are not decided say what will decide them and what to do until then', () => {
    const unclear = clauses.filter(
      ({ notTested }) => notTested !== undefined && !/^Will be decided .+\. Until then .+\.$/s.test(notTested),
    );
    expect(unclear.map(({ id }) => id)).toEqual([]);
  });

  test('each apply to some flow of the six services', () => {
    expect(clauses.filter((clause) => !flows.some((flow) => applies(clause, flow))).map(({ id }) => id)).toEqual([]);
  });

  test('each serve a requirement', () => {
    const served = new Set(requirements.flatMap((requirement) => requirement.clauses));
    expect(everyId.filter((id) => !served.has(id))).toEqual([]);
  });
});

describe('what a flow is judged by', () => {
  const always = [
    'PER-1',
    'CON-1',
    'CON-2',
    'ENV-1',
    'ENV-2',
    'ENV-3',
    'ENV-4',
    'ENV-5',
    'ENV-6',
    'ENV-7',
    'SCH-1',
    'SCH-2',
    'SCH-3',
    'SCH-4',
    'SCH-5',
    'SEC-4',
    'LIF-1',
    'LIF-3',
  ];
  const audit = ['AUD-1', 'AUD-2', 'AUD-3', 'AUD-4'];
  const stored = ['DUP-1', 'DUP-3'];
  const atLeastOnce = ['DEL-1', 'DEL-2', 'DEL-3', 'DEL-7', 'DUP-2', 'DLQ-1', 'DLQ-2', 'DLQ-4', 'LIF-2', ...stored];

  test.each([
    ['records-check/vehicle-checks', ['DEL-5', 'DEL-6', 'REP-1', 'REP-2', 'REP-3']],
    ['anpr-hit/reads', ['DEL-3', 'DEL-5', ...stored]],
    ['anpr-hit/hits', ['DEL-6', ...atLeastOnce]],
    ['unit-state/positions', ['DEL-3', 'DEL-5', 'ORD-4', ...stored]],
    ['unit-state/status', ['ORD-4', ...atLeastOnce]],
    ['custody-task/tasks', ['DEL-4', ...atLeastOnce]],
    ['custody-task/completions', atLeastOnce],
    ['case-file-transfer/bundles', ['DEL-4', 'DEL-6', 'LIF-4', ...atLeastOnce]],
    ['incident-lifecycle/incidents', ['ORD-1', 'ORD-2', 'ORD-3', ...atLeastOnce]],
  ])('%s: what its pattern and its x-flow promise, and no more', (id, promised) => {
    expect(askedOf(id).toSorted()).toEqual([...always, ...audit, ...promised].toSorted());
  });
});

describe('the profiles', () => {
  test('are the six of the programme', () => {
    const names = ['core', 'resilience', 'security', 'performance', 'migration', 'release'];
    expect(profiles.map(({ name }) => name)).toEqual(names);
  });

  test('core claims every clause that this version decides but those of load, and no other', () => {
    expect(profileNamed('core')).toEqual(everyId.filter((id) => !undecided.includes(id) && id !== 'PER-1'));
  });

  test('release claims every clause, and so does the rest of them together', () => {
    expect(profileNamed('release')).toEqual(everyId);
    const others = new Set(profiles.filter(({ name }) => name !== 'release').flatMap((profile) => profile.clauses));
    expect(everyId.filter((id) => !others.has(id))).toEqual([]);
  });
});

describe('the requirements', () => {
  test('of the programme and of the standards are all there', () => {
    const ids = requirements.map(({ id }) => id);
    const programme = [
      'PRG-AUDIT',
      'PRG-NO-CONTENT',
      'PRG-RELEASE',
      'PRG-RECOVERY',
      'PRG-PLATFORM',
      'PRG-GROWTH',
      'PRG-SIX',
    ];
    const standards = ['STD-CLOUDEVENTS', 'STD-ASYNCAPI', 'STD-WCAG', 'STD-MINIMISATION', 'STD-SECURE-BY-DESIGN'];
    expect(ids).toEqual(expect.arrayContaining([...programme, ...standards]));
  });

  test('each come down to clauses', () => {
    expect(requirements.filter((requirement) => requirement.clauses.length === 0)).toEqual([]);
  });
});
