import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { loadService, shorten, writeEffective } from '../../harness/contracts/index.ts';
import { floorsMs } from '../../harness/contracts/effective.ts';
import { readService } from '../../harness/contracts/service/service.ts';
import { contracts, Folder, fullCheckMs } from './folders.ts';

vi.setConfig({ testTimeout: fullCheckMs });

const source = join(contracts, 'incident-lifecycle');
const service = await loadService(source);

describe('a time scale', () => {
  it('of 1 changes nothing', () => {
    expect(shorten(service, 1)).toEqual({ service, shortened: [] });
  });

  it('shortens durations down to their floors, and says each that it shortened', () => {
    const { service: short, shortened } = shorten(service, 0.0001);
    expect(short.flows[0]).toMatchObject({ ackWaitMs: 2000, dedupeWindowMs: 3000, backoffMs: [100, 200, 300] });
    expect(shortened).toContainEqual({
      flow: 'incident-lifecycle/incidents',
      what: 'ackWaitMs',
      declaredMs: 30000,
      effectiveMs: floorsMs.ackWaitMs,
    });
    expect(shortened).toHaveLength(5);
  });

  it('never lengthens, never goes under a floor, and leaves everything else as it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1000, noNaN: true }), fc.nat(100_000), (scale, declared) => {
        const flow = { ...service.flows[0]!, ackWaitMs: declared, expiryMs: declared };
        const [short] = shorten({ ...service, flows: [flow] }, scale).service.flows;
        for (const name of ['ackWaitMs', 'expiryMs'] as const) {
          expect(short?.[name]).toBeLessThanOrEqual(declared);
          expect(short?.[name]).toBeGreaterThanOrEqual(Math.min(declared, floorsMs[name]));
        }
        expect({ ...short, ackWaitMs: 0, expiryMs: 0, dedupeWindowMs: 0, backoffMs: [] }).toEqual({
          ...flow,
          ackWaitMs: 0,
          expiryMs: 0,
          dedupeWindowMs: 0,
          backoffMs: [],
        });
      }),
    );
  });

  it('keeps back-offs in their order, and those apart that differ, as far as that lengthens none', () => {
    const delays = fc.array(fc.oneof(fc.nat(400), fc.nat(200_000)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 2, noNaN: true }), delays, (scale, backoffMs) => {
        const [short] = shorten({ ...service, flows: [{ ...service.flows[0]!, backoffMs }] }, scale).service.flows;
        const effective = short?.backoffMs ?? [];
        expect(effective).toHaveLength(backoffMs.length);
        for (const [at, declared] of backoffMs.entries()) {
          expect(effective[at]).toBeLessThanOrEqual(declared);
          expect(effective[at]).toBeGreaterThanOrEqual(Math.min(declared, floorsMs.backoffMs));
          for (const [other, than] of backoffMs.entries())
            expect(Math.sign((effective[at] ?? 0) - (effective[other] ?? 0))).toBe(Math.sign(declared - than));
        }
      }),
    );
  });

  it.each([0, -1, Number.NaN])('of %d is refused', (scale) => {
    expect(() => shorten(service, scale)).toThrow('a time scale is above 0');
  });
});

describe('the effective document of a run', () => {
  it('reads as the shortened service, its schemas beside it', async () => {
    await using folder = await Folder.of();
    const { service: short } = shorten(service, 0.01);
    const path = await writeEffective(short, source, join(folder.path, 'incident-lifecycle'));
    const { service: again } = await readService(join(folder.path, 'incident-lifecycle'));
    expect({ ...again, digest: '' }).toEqual({ ...short, digest: '' });
    expect(await readFile(path, 'utf8')).toContain(
      '# order of an incident matters more than the lateness of its partition',
    );
  });

  it('is the declared one, byte for byte, where nothing is shortened', async () => {
    await using folder = await Folder.of();
    const path = await writeEffective(service, source, join(folder.path, 'incident-lifecycle'));
    expect(await readFile(path)).toEqual(await readFile(join(source, 'asyncapi.yaml')));
  });

  it('tells apart flows that share their x-flow by an alias', async () => {
    await using folder = await Folder.of('incident-lifecycle');
    const name = 'incident-lifecycle/asyncapi.yaml';
    await folder.edit(name, 'ackWaitMs: 30000', 'ackWaitMs: &wait 30000');
    await folder.edit(name, 'retention: { maxAgeMs: 604800000', 'retention: { maxAgeMs: 604800000');
    await folder.edit(
      name,
      'dedupeWindowMs: 120000\n      ackWaitMs: &wait 30000',
      'dedupeWindowMs: &wait 30000\n      ackWaitMs: *wait',
    );
    const declared = (await readService(join(folder.path, 'incident-lifecycle'))).service;
    const { service: short } = shorten(declared, 0.01);
    await writeEffective(short, join(folder.path, 'incident-lifecycle'), join(folder.path, 'out/incident-lifecycle'));
    const { service: again } = await readService(join(folder.path, 'out/incident-lifecycle'));
    expect(again.flows[0]).toMatchObject({ dedupeWindowMs: 3000, ackWaitMs: 2000 });
  });
});
