import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verifier } from '@pact-foundation/pact';
import type { JsonValue } from '../model/json.ts';
import type { Question } from './question.ts';

/**
 * Pact's verifier in a process of its own: it writes to standard output whatever it is told, and a crash of its native part ends
 * nobody else. It is sent verifications one by one, and gives the report of each.
 */
export interface Verification {
  readonly id: number;
  readonly consumer: string;
  readonly provider: string;
  readonly questions: readonly Question[];
}

export interface Verified {
  readonly id: number;
  /** The verifier's structured result. */
  readonly report?: JsonValue;
  /** Why there is none. */
  readonly trouble?: string;
}

async function verify({ id, consumer, provider, questions }: Verification): Promise<Verified> {
  const folder = await mkdtemp(join(tmpdir(), 'busworthy-pact-'));
  try {
    const file = join(folder, 'pact.json');
    const pact = {
      consumer: { name: consumer },
      provider: { name: provider },
      interactions: questions.map(({ interaction }) => interaction),
      metadata: { pactSpecification: { version: '4.0' } },
    };
    await writeFile(file, JSON.stringify(pact));
    // A handler that is missing or throws would be matched as a message: what was not asked for is counted.
    const asked = new Set<string>();
    const messageProviders = Object.fromEntries(
      questions.map(({ name, metadata, body }) => [
        name,
        () => {
          asked.add(name);
          return Promise.resolve({
            __pactMessageMetadata: { ...metadata, contentType: metadata['contentType'] ?? 'application/json' },
            message: Buffer.from(body, 'base64'),
          });
        },
      ]),
    );
    const verifier = new Verifier({ provider, pactUrls: [file], messageProviders, logLevel: 'error' });
    const report = await verifier.verifyProvider().catch((cause: unknown) => {
      if (cause instanceof Error) return cause.message;
      throw cause;
    });
    const missed = questions.find(({ name }) => !asked.has(name));
    if (missed !== undefined) return { id, trouble: `Pact’s verifier never asked for ${JSON.stringify(missed.name)}` };
    return { id, report: JSON.parse(report) as JsonValue };
  } catch (cause) {
    return { id, trouble: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.on('message', (verification: Verification) => {
  void verify(verification).then((verified) => process.send?.(verified));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: -1 } satisfies Verified);
