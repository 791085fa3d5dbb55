import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { busworthy, start, TemporaryFolder, troubled, type Ended } from './busworthy.ts';
import { PactBroker } from './pact-broker.ts';
import { loose, strange, strict } from './pact-files.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
});
afterEach(() => folder[Symbol.asyncDispose]());

const main = { pact: loose, consumerVersion: '1.0.0', branch: 'main', verified: true };
const feature = { pact: strict, consumerVersion: '2.0.0', branch: 'feature' };

function verify(url: string, options: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const args = ['pact', 'verify', 'incident-lifecycle', '--seed', '5', '--shrink', '0', '--out', folder.file('out')];
  return busworthy([...args, ...options], { env: { PACT_BROKER_BASE_URL: url, ...env } });
}

const publishing = ['--publish-verification-result', '--provider-version', '4f2a1c'];
const ofMain = ['--consumer-version-selectors', '[{"mainBranch":true}]'];

describe('pacts of a Pact Broker', () => {
  test('are fetched by selectors, judged over the bus, and their results published', async () => {
    await using broker = await PactBroker.start([main, feature], 'Bearer t0p-s3cret');
    const branch = ['--provider-version-branch', 'trunk', '--build-url', 'http://ci.example/7'];
    const { code, stdout, stderr } = await verify(broker.url, [...ofMain, ...branch, ...publishing], {
      PACT_BROKER_TOKEN: 't0p-s3cret',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ok {6}an incident .*: 20 of 20/u);
    expect(stdout).toMatch(
      /published: Pact between mobile \(1\.0\.0\) and command-and-control: success, of version 4f2a1c/u,
    );
    expect(broker.queries).toEqual([
      { consumerVersionSelectors: [{ mainBranch: true }], includePendingStatus: false, providerVersionBranch: 'trunk' },
    ]);
    expect(broker.branches).toEqual(['command-and-control trunk 4f2a1c']);
    expect(broker.verifications).toEqual([
      {
        consumerVersion: '1.0.0',
        body: {
          success: true,
          providerApplicationVersion: '4f2a1c',
          buildUrl: 'http://ci.example/7',
          testResults: [
            {
              interactionId: expect.stringMatching(/^[0-9a-f]{40}$/u) as string,
              interactionDescription: 'an incident',
              success: true,
            },
          ],
          verifiedBy: { implementation: 'Busworthy', version: expect.any(String) as string },
        },
      },
    ]);
    // Who asked stands nowhere: not in what is printed, not in the reports, not in the journal.
    const written = await Promise.all(
      ['run.json', 'index.html', 'junit.xml', 'journal.bwj'].map((name) => readFile(folder.file('out/latest', name))),
    );
    expect([stdout, ...written].some((text) => text.includes('t0p-s3cret'))).toBe(false);
  });

  test('that fail are red and published as failures, without content; the command again asks the same broker, and publishes nothing', async () => {
    await using broker = await PactBroker.start([main, feature]);
    const { code, stdout } = await verify(broker.url, publishing);
    expect(code).toBe(1);
    const results = broker.verifications.map(({ consumerVersion, body }) => [consumerVersion, body.success]);
    expect(results).toEqual([
      ['1.0.0', true],
      ['2.0.0', false],
    ]);
    const [failed] = broker.verifications[1]?.body.testResults ?? [];
    expect(failed?.mismatches).toEqual([
      {
        attribute: 'body',
        identifier: '$.grade',
        description: "expected to be equal to 'I' (String), found a text of 1 characters",
      },
    ]);
    const again = /again +busworthy run (.*)/u.exec(stdout)?.[1];
    expect(again).toContain(`--pact-broker-url ${broker.url}`);
    expect(again).not.toContain('publish');
  });

  test('that are pending or in progress are judged, told and published, and break no build; one that cannot be read is left out', async () => {
    const merger = { pact: strange, consumerVersion: '3.0.0', branch: 'merger' };
    await using broker = await PactBroker.start([main, feature, merger]);
    const pending = [
      '--enable-pending',
      '--include-wip-pacts-since',
      '2026-01-01',
      '--provider-version-branch',
      'trunk',
    ];
    const { code, stdout } = await verify(broker.url, [...ofMain, ...pending, ...publishing]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/pact: Pact between mobile \(2\.0\.0\) and command-and-control \(work in progress\)/u);
    expect(stdout).toMatch(/left out: incident-lifecycle has no message IncidentMerged/u);
    expect(stdout).toMatch(/pending a grade/u);
    expect(broker.verifications.map(({ body }) => body.success)).toEqual([true, false]);
    expect(stdout).toMatch(/not published: Pact between mobile \(3\.0\.0\)/u);
  });

  test('are not asked for where files are named', async () => {
    await using broker = await PactBroker.start([main]);
    const { code } = await verify(broker.url, ['--pact', folder.file('no.json')]);
    expect(code).toBe(3);
    expect(broker.askedBy.size).toBe(0);
  });

  test.each([
    ['true', 1],
    ['false', 0],
  ])('are published where the environment says %s: %i', async (told, count) => {
    await using broker = await PactBroker.start([main]);
    const { code } = await verify(broker.url, ['--provider-version', '4f2a1c'], {
      PACT_BROKER_PUBLISH_VERIFICATION_RESULTS: told,
    });
    expect(code).toBe(0);
    expect(broker.verifications).toHaveLength(count);
  });

  test('that were not judged whole are not published', async () => {
    await using broker = await PactBroker.start([main]);
    const { stdout } = await verify(broker.url, [...publishing, '--scenario', 'pact-consumer']);
    expect(stdout).toMatch(/not published: Pact between mobile \(1\.0\.0\).*: what it asks for was not all judged/u);
    expect(broker.verifications).toEqual([]);
  });

  test('that are none at all are no success', async () => {
    await using broker = await PactBroker.start([]);
    const { code, stdout, stderr } = await verify(broker.url, []);
    expect({ code, holds: stdout.includes('holds') }).toEqual({ code: 3, holds: false });
    expect(stderr).toMatch(/has no pact for a provider of incident-lifecycle that was selected\n {2}next: \S/u);
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      'results of no version',
      ['--publish-verification-result'],
      /--publish-verification-result needs --provider-version/u,
    ],
    ['work in progress of no branch', ['--include-wip-pacts-since', '2026-01-01'], /needs --provider-version-branch/u],
    [
      'selectors that are none',
      ['--consumer-version-selectors', '[{"mainBanch":true}]'],
      /Give JSON such as \[\{"mainBranch":true\}/u,
    ],
    ['a date that is none', ['--include-wip-pacts-since', 'lately'], /Give a date such as/u],
  ])('with %s are a mistake of the command line', async (_what, options, says) => {
    const { code, stderr } = await verify('http://127.0.0.1:9', options);
    expect(code).toBe(3);
    expect(stderr).toMatch(says);
  });
});

describe('a Pact Broker in trouble is one clear error,', () => {
  async function withServer(answer: RequestListener, then: (url: string) => Promise<void>): Promise<void> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await then(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test('where nobody is there', async () => {
    expect(await verify('http://127.0.0.1:9', [])).toMatchObject(
      troubled(/Pact Broker http:\/\/127\.0\.0\.1:9 cannot be/u),
    );
  });

  test('where it refuses who asks, and the secret is not shown', async () => {
    await using broker = await PactBroker.start([main], 'Bearer right');
    const ended = await verify(broker.url, [], { PACT_BROKER_USERNAME: 'somebody', PACT_BROKER_PASSWORD: 'wr0ng' });
    expect(ended).toMatchObject(troubled(/refuses who asks \(401\)\n {2}next: set PACT_BROKER_TOKEN/u));
    expect(broker.askedBy).toEqual(new Set([`Basic ${Buffer.from('somebody:wr0ng').toString('base64')}`]));
    expect(ended.stderr).not.toContain('wr0ng');
  });

  test.each<[string, RequestListener, RegExp]>([
    ['answers nonsense', (_, response) => void response.end('<html>hello</html>'), /gives no JSON document at \//u],
    [
      'is something else',
      (_, response) => void response.end('{"name":"shop"}'),
      /no link pb:provider-pacts-for-verif/u,
    ],
    ['is broken', (_, response) => void response.writeHead(500).end('{"error":"boom"}'), /GET \/ with 500: boom/u],
    ['sends elsewhere', (_, response) => void response.writeHead(301, { location: '/x' }).end(), /GET \/ with 301/u],
    [
      'names links of another place',
      (_, response) =>
        void response.end('{"_links":{"pb:provider-pacts-for-verification":{"href":"http://127.0.0.2:1/{provider}"}}}'),
      /names a link to another place: http:\/\/127\.0\.0\.2:1\//u,
    ],
    [
      'answers without end',
      (_, response) => {
        const block = Buffer.alloc(1024 * 1024, 32);
        const more = (): void => {
          while (!response.destroyed && response.write(block));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
      /answered with more than 16777216 bytes/u,
    ],
  ])('where it %s', async (_how, answer, says) => {
    await withServer(answer, async (url) => {
      expect(await verify(url, [])).toMatchObject(troubled(says));
    });
  });

  test('and one that never answers is no longer waited for after Ctrl-C', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    await withServer(
      () => resolve(),
      async (url) => {
        await using started = start(['pact', 'verify', 'incident-lifecycle', '--out', folder.file('out')], {
          env: { PACT_BROKER_BASE_URL: url },
        });
        await asked;
        const since = performance.now();
        started.send('SIGINT');
        expect(await started.ended).toMatchObject({ code: 130 });
        // A broker is waited for twenty seconds.
        expect(performance.now() - since).toBeLessThan(15_000);
      },
    );
  });

  test('where it does not like what it is asked', async () => {
    await using broker = await PactBroker.start([main]);
    const ended = await verify(broker.url, ['--consumer-version-selectors', '[{"mainBranch":false}]']);
    expect(ended).toMatchObject(troubled(/with 400: .*mainBranch must be one of: true/u));
  });
});
