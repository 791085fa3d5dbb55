import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { reservePort } from '../../harness/adapters/launch/ports.ts';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import type { Namespace, StartedBus } from '../../harness/bus/runtime/runtime.ts';
import { admin } from '../../harness/bus/security/spec.ts';
import { busworthy, checkout, contracts, leftBy, Started, TemporaryFolder } from './busworthy.ts';

const reference = join(checkout, 'harness/adapters/reference/typescript/main.ts');
const service = 'incident-lifecycle';

describe('run --adapter with adapters that run already, on a bus that runs already', () => {
  let folder: TemporaryFolder;
  let bus: StartedBus;
  let account: Namespace;
  let creds: string;
  const running: Started[] = [];
  const files: string[] = [];
  const urls: string[] = [];

  beforeAll(async () => {
    folder = await TemporaryFolder.make();
    await mkdir(folder.file('tmp'));
    bus = await startProcess();
    account = await bus.namespace({ users: [], requestSubjects: [] });
    creds = (await account.credentialsFile(admin)) ?? '';
    // Both kinds of ends.
    for (const [application, role] of [
      ['command-and-control', 'provider'],
      ['mobile', 'consumer'],
    ] as const) {
      const [{ port }, { port: applicationPort }] = [await reservePort(), await reservePort()];
      const env = {
        CONTRACT: join(contracts, service, 'asyncapi.yaml'),
        SERVICE: service,
        APPLICATION: application,
        ROLE: role,
        BUS_URL: bus.url,
        BUS_CREDENTIALS: creds,
        INBOX_PREFIX: `_INBOX.${application}`,
        LISTEN_PORT: String(port),
        APPLICATION_URL: `http://127.0.0.1:${String(applicationPort)}`,
      };
      running.push(new Started([process.execPath, reference], { env }));
      const url = `http://127.0.0.1:${String(port)}`;
      urls.push(url);
      files.push(folder.file(`${application}.yaml`));
      await writeFile(files.at(-1) ?? '', JSON.stringify({ service, application, url, applicationPort }));
    }
  });
  afterAll(async () => {
    for (const adapter of running) await adapter[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const run = (): ReturnType<typeof busworthy> => {
    const adapters = files.flatMap((file) => ['--adapter', file]);
    const where = ['--bus', bus.url, '--creds', creds, '--time-scale', '1', '--out', folder.file('out')];
    const chosen = ['--scenario', 'happy-flow,lost-acknowledgements', '--seed', '3'];
    return busworthy(['run', ...adapters, ...where, ...chosen], { temporary: folder.file('tmp') });
  };

  // The second run has the first one's seed: what the adapters remember of it is no trouble.
  it.each(['the first', 'the second'])(
    '%s run tests what it can, says why the rest is not tested, and leaves adapters and bus as they were',
    { timeout: 120_000 },
    async () => {
      const { code, stdout, stderr } = await run();
      expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
      expect(stdout).toMatch(/^adapters that run already: command-and-control \(.*\), mobile \(/m);
      expect(stdout).not.toMatch(/FAIL|inconclusive [A-Z]|starting adapters/);
      const { header, verdicts } = JSON.parse(await readFile(folder.file('out/latest/run.json'), 'utf8')) as {
        readonly header: { readonly leftOut: readonly object[] };
        readonly verdicts: readonly { readonly clause: string; readonly verdict: string; readonly exercised: number }[];
      };
      const reason = 'given by URL: the adapter of command-and-control has one instance';
      expect(header.leftOut).toEqual([expect.objectContaining({ scenario: 'lost-acknowledgements', reason })]);
      for (const clause of ['DEL-3', 'ENV-2', 'ORD-1']) {
        expect(verdicts).toContainEqual(expect.objectContaining({ clause, verdict: 'pass' }));
      }
      expect(verdicts).toContainEqual(expect.objectContaining({ clause: 'DEL-2', verdict: 'not-tested', reason }));
      for (const url of urls) expect((await fetch(`${url}/health`)).status).toBeGreaterThanOrEqual(200);
      const connection = await connect(account.connectionOptions(admin));
      const names = [];
      for await (const name of (await jetstreamManager(connection)).streams.names()) names.push(name);
      await connection.close();
      expect(names).toEqual([]);
      expect(await leftBy(folder.file('tmp'))).toEqual([]);
    },
  );
});
