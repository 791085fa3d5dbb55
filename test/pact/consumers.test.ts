import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { consumersOf, messagesOf } from '../../harness/model/flow.ts';
import { flows } from '../fixtures/services.ts';

const root = resolve(import.meta.dirname, '../..');
const limitMs = 120_000;

/** Pact files below a folder, by path. */
async function pactsBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => /[/\\]pacts[/\\].+\.json$/.test(name))
    .toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

test(
  'the consumer tests pass, and write the pacts that are checked in, byte for byte (npm run pacts)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'busworthy-pacts-'));
    try {
      await promisify(execFile)(process.execPath, [join(root, 'test/pact/write.ts'), folder], {
        env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
      });
      const written = await pactsBelow(folder);
      expect([...written.keys()]).toEqual([...(await pactsBelow(join(root, 'contracts'))).keys()]);
      expect(written).toEqual(await pactsBelow(join(root, 'contracts')));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  limitMs,
);

test('every consuming application of the six services has a pact on each of its flows', () => {
  const without = flows.flatMap(({ flow }) =>
    consumersOf(flow)
      .filter((consumer) => !(flow.pacts ?? []).some((pact) => pact.consumer === consumer))
      .map((consumer) => `${consumer} on ${flow.id}`),
  );
  expect(without).toEqual([]);
});

test('every message of the six services but refusals is spoken of by some pact', () => {
  const spoken = new Set(
    flows.flatMap(({ flow }) =>
      (flow.pacts ?? []).flatMap((pact) =>
        pact.interactions.flatMap(({ message, responses }) =>
          [message, ...responses].map(({ type }) => `${flow.id} ${type}`),
        ),
      ),
    ),
  );
  const all = flows.flatMap(({ flow }) =>
    messagesOf(flow)
      .filter(({ name }) => name !== flow.refusal)
      .map(({ name }) => `${flow.id} ${name}`),
  );
  expect(all.filter((name) => !spoken.has(name))).toEqual([]);
});
