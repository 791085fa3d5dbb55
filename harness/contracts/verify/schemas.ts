import { isJsonObject, type JsonSchema } from '../../model/json.ts';
import type { ReadMessage } from '../service/message.ts';
import type { ReadService } from '../service/service.ts';
import type { Mistakes } from '../mistakes.ts';
import { dialect } from '../schema/keywords.ts';
import { documentName } from '../source/folder.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import { newAjv } from '../validate/ajv.ts';
import { hyperjumpValidator } from '../validate/hyperjump.ts';
import { validatorsOf } from '../validate/message.ts';

/** Every schema of the service against the meta-schema of 2020-12, each mistake at its line. */
export function checkSchemas(read: ReadService, messages: readonly ReadMessage[], mistakes: Mistakes): void {
  const ajv = newAjv({ allErrors: true, strict: false });
  const files = new Set([...read.findings.seen].map((id) => id.slice(0, id.indexOf('#'))));
  const roots: Cursor[] = [...files].flatMap((name) => {
    const source = read.folder.sources.get(name);
    return source === undefined || name === documentName ? [] : [{ source, path: [] }];
  });
  for (const { at } of messages) roots.push(child(at, 'payload'), child(at, 'headers'));
  for (const root of roots) {
    const schema = valueAt(root);
    if (schema === undefined) continue;
    const named = isJsonObject(schema) ? schema['$schema'] : undefined;
    if (named !== undefined && named !== dialect) {
      mistakes.add(
        placeAt(child(root, '$schema')),
        'the schema is of another draft',
        `write ${dialect}, or leave it out`,
      );
      continue;
    }
    if (ajv.validateSchema(schema as JsonSchema) === true) continue;
    for (const error of ajv.errors ?? []) {
      const path = error.instancePath
        .split('/')
        .slice(1)
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (['anyOf', 'oneOf', 'allOf', 'if'].includes(error.keyword) && (ajv.errors?.length ?? 0) > 1) continue;
      const what = `the schema is wrong at ${error.instancePath || '/'}: ${error.message ?? error.keyword}`;
      mistakes.add(placeAt(child(root, ...path)), what, 'correct it as JSON Schema 2020-12 has it');
    }
  }
}

/** Compiles every schema of the service with both validators. */
export async function compileSchemas(messages: readonly ReadMessage[], mistakes: Mistakes): Promise<void> {
  for (const message of messages) {
    try {
      validatorsOf(message);
      await hyperjumpValidator(message.payload);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : 'unknown';
      mistakes.add(
        placeAt(child(message.at, 'payload')),
        `a schema of ${message.name} does not compile: ${reason ?? ''}`,
        'correct the schema',
      );
    }
  }
}
