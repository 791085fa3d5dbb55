/**
 * `npm run pact:broker -- http://127.0.0.1:9292`: pacts of a real Pact Broker that holds nothing yet are fetched by selectors, judged, and their
 * results published; what the broker's own matrix then says is compared with what was to come of them. The tests of `test/cli` do the same with
 * a broker of their own, which knows what its documentation says; this asks the real one.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loose, strange, strict } from '../cli/pact-files.ts';

const [url] = process.argv.slice(2);
if (url === undefined) {
  console.error('where the Pact Broker is: npm run pact:broker -- http://127.0.0.1:9292');
  process.exit(3);
}
const cli = resolve(import.meta.dirname, '../../harness/cli/main.ts');
const [consumer, provider] = ['mobile', 'command-and-control'];

/** By its version, each on a branch. */
const published = [
  ['1.0.0', 'main', loose],
  ['2.0.0', 'feature', strict],
  ['3.0.0', 'merger', strange],
] as const;

async function ask(method: string, path: string, json?: object): Promise<unknown> {
  const headers = { accept: 'application/hal+json', 'content-type': 'application/json' };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const answer = await fetch(`${url ?? ''}${path}`, { method, headers, ...body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function publish(version: string, branch: string, pact: object): Promise<void> {
  const content = Buffer.from(JSON.stringify(pact)).toString('base64');
  const contract = { consumerName: consumer, providerName: provider, specification: 'pact', content };
  await ask('POST', '/contracts/publish', {
    pacticipantName: consumer,
    pacticipantVersionNumber: version,
    branch,
    contracts: [{ ...contract, contentType: 'application/json' }],
  });
}

interface Matrix {
  readonly matrix: readonly {
    readonly consumer: { readonly version: { readonly number: string } };
    readonly provider: { readonly version?: { readonly number: string } | null };
    readonly verificationResult?: { readonly success: boolean } | null;
  }[];
}

/** What the broker knows: version of the consumer, version of the provider, whether that was a success. */
async function results(): Promise<readonly string[]> {
  const { matrix } = (await ask('GET', `/matrix?q[][pacticipant]=${consumer}&q[][pacticipant]=${provider}`)) as Matrix;
  return matrix
    .map((row) =>
      [row.consumer.version.number, row.provider.version?.number, row.verificationResult?.success].join(' ').trim(),
    )
    .toSorted();
}

function verify(...options: readonly string[]): number | null {
  const args = ['pact', 'verify', 'incident-lifecycle', '--seed', '5', '--shrink', '0', '--out', out];
  const env = { ...process.env, PACT_BROKER_BASE_URL: url };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, ...options], { encoding: 'utf8', env });
  console.log(`${stdout}${stderr}`);
  return status;
}

let passed = 0;
let failed = 0;
function expect(what: string, found: unknown, wanted: unknown): void {
  try {
    deepStrictEqual(found, wanted);
    passed++;
  } catch (cause) {
    failed++;
    console.error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const select = (selector: object): readonly string[] => ['--consumer-version-selectors', JSON.stringify([selector])];
const as = (version: string): readonly string[] => ['--publish-verification-result', '--provider-version', version];
const trunk = ['--provider-version-branch', 'trunk'];

const { _embedded: holds } = (await ask('GET', '/pacticipants')) as {
  _embedded: { pacticipants: readonly object[] };
};
if (holds.pacticipants.length > 0) {
  console.error(`${url} holds pacts already: give a broker that is new`);
  process.exit(3);
}
const out = mkdtempSync(join(tmpdir(), 'busworthy-broker-'));
try {
  for (const [version, branch, pact] of published) await publish(version, branch, pact);
  await ask('PUT', `/pacticipants/${consumer}`, { name: consumer, mainBranch: 'main' });

  expect('the main branch holds', verify(...select({ mainBranch: true }), ...trunk, ...as('a')), 0);
  expect('its result is known', await results(), ['1.0.0 a true', '2.0.0', '3.0.0']);
  expect('what the contract does not promise fails', verify(...select({ branch: 'feature' }), ...as('b')), 1);
  expect('its result is known', await results(), ['1.0.0 a true', '2.0.0 b false', '3.0.0']);
  const inProgress = ['--enable-pending', '--include-wip-pacts-since', '2026-01-01'];
  const all = verify(...select({ mainBranch: true }), ...inProgress, ...trunk, ...as('c'));
  expect('what is in progress breaks nothing', all, 0);
  const known = ['1.0.0 a true', '1.0.0 c true', '2.0.0 b false', '2.0.0 c false', '3.0.0'];
  expect('its results are known, but for what was left out', await results(), known);
  expect('what the broker refuses is an error', verify(...select({ branch: '' })), 4);
  expect('no pact at all is no success', verify(...select({ branch: 'nowhere' })), 3);
  expect('nothing was published without being asked for', await results(), known);
} finally {
  rmSync(out, { recursive: true, force: true });
}
console.log(`${String(passed)} passed, ${String(failed)} failed`);
if (failed > 0) process.exitCode = 1;
