import { expect, test } from 'vitest';
import { digestsOf, lastCalibration } from '../../harness/calibrate/record.ts';
import { catalogue } from '../fixtures/services.ts';

test('the calibration that is checked in is of a whole bank, and can be read', () => {
  const last = lastCalibration(catalogue, '0.1.0');
  expect(last?.defects).toBeGreaterThan(80);
  expect(last?.healthyRuns).toBeGreaterThan(20);
  expect(last?.catalogueDigest).toMatch(/^[0-9a-f]{64}$/u);
  expect(last?.bankDigest).toMatch(/^[0-9a-f]{64}$/u);
});

test('another catalogue of clauses makes it stale', () => {
  const [, ...clauses] = catalogue.clauses;
  expect(lastCalibration({ ...catalogue, clauses }, '0.1.0')?.stale).toContain('another catalogue');
});

test('digests follow the clauses, and nothing else of the catalogue', () => {
  expect(digestsOf({ ...catalogue, profiles: [] })).toEqual(digestsOf(catalogue));
  expect(digestsOf({ ...catalogue, clauses: [] }).catalogueDigest).not.toBe(digestsOf(catalogue).catalogueDigest);
  expect(digestsOf(catalogue).bankDigest).toMatch(/^[0-9a-f]{64}$/u);
});
