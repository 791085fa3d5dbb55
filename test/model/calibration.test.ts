import { describe, expect, test } from 'vitest';
import { known, type Calibration } from '../../harness/model/calibration.ts';

const calibration: Calibration = {
  calibratedAt: '2026-03-05T14:00:00.000Z',
  seed: 7,
  versions: { busworthy: '0.1.0', node: 'v24', natsServer: '2.15.2' },
  catalogueDigest: 'c1',
  bankDigest: 'b1',
  defects: 212,
  caught: 212,
  healthyRuns: 60,
  green: 60,
};
const now = { catalogueDigest: 'c1', bankDigest: 'b1', busworthy: '0.1.0' };

describe('the last calibration', () => {
  test('is of this version where bank, catalogue and version are the same, with the bound that n green runs give', () => {
    const { stale, bound } = known(calibration, now);
    expect(stale).toBe('');
    expect(bound).toBeCloseTo(3 / 60, 2);
  });

  test('is stale where any of them differs, and says which', () => {
    expect(known(calibration, { ...now, bankDigest: 'b2' }).stale).toBe('the bank of defects has changed since');
    expect(known(calibration, { ...now, catalogueDigest: 'c2' }).stale).toBe('it was of another catalogue of clauses');
    expect(known(calibration, { ...now, busworthy: '0.2.0' }).stale).toBe('it was of version 0.1.0');
    expect(known(calibration, { catalogueDigest: '', bankDigest: '', busworthy: '' }).stale.split('; ')).toHaveLength(
      3,
    );
  });

  test('bounds nothing where a healthy run was red, or none was tried', () => {
    expect(known({ ...calibration, green: 59 }, now).bound).toBeUndefined();
    expect(known({ ...calibration, healthyRuns: 0, green: 0 }, now).bound).toBeUndefined();
  });
});
