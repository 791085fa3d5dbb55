import { Mistakes } from '../mistakes.ts';
import type { ReadMessage } from '../service/message.ts';
import type { ReadService } from '../service/service.ts';
import { placeAt } from '../source/reference.ts';
import { isVerified, rememberVerified, verificationKey } from './cache.ts';

/**
 * Verifies a service's documents in full: regular expressions, schemas, AsyncAPI, examples, filters. Throws `Problems`.
 * The libraries for it are loaded only where there is something to verify.
 */
export async function verify(read: ReadService): Promise<void> {
  const messages = messagesOf(read);
  const mistakes = new Mistakes();
  const { checkExpressions } = await import('./expressions.ts');
  checkExpressions(read.findings, mistakes);
  mistakes.throwIfAny(); // nothing may run a catastrophic expression
  const { checkSchemas, compileSchemas } = await import('./schemas.ts');
  checkSchemas(read, messages, mistakes);
  mistakes.throwIfAny();
  await compileSchemas(messages, mistakes);
  mistakes.throwIfAny();
  const { checkExamples } = await import('./examples.ts');
  await checkExamples(read.folder, messages, mistakes);
  const { checkFilters } = await import('./filters.ts');
  checkFilters(read.flows, mistakes);
  const { checkRefusals } = await import('./refusals.ts');
  checkRefusals(read.flows, mistakes);
  mistakes.throwIfAny();
  const { checkAsyncApi } = await import('./asyncapi.ts'); // last: it takes a second
  await checkAsyncApi(read.folder, mistakes);
  mistakes.throwIfAny();
}

/** Verifies what was not found sound before with these very files and this very verifier. */
export async function verifyOnce(read: ReadService): Promise<void> {
  const key = await verificationKey(read.service.name, read.service.digest);
  if (await isVerified(key)) return;
  await verify(read);
  await rememberVerified([key]);
}

/** Every message of the service once, by where it stands. */
function messagesOf(read: ReadService): readonly ReadMessage[] {
  const messages = read.flows.flatMap((flow) => [...flow.messages, ...flow.replies]);
  const places = messages.map(({ name, at }) => `${name} ${JSON.stringify(placeAt(at))}`);
  return messages.filter((_, index) => places.indexOf(places[index] ?? '') === index);
}
