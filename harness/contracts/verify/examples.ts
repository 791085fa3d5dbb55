import type { Message } from '../../model/flow.ts';
import { valuesAt, type JsonValue } from '../../model/json.ts';
import { ruleHolds } from '../../model/rules.ts';
import { exampleFiles, type ReadMessage } from '../service/message.ts';
import type { Mistakes } from '../mistakes.ts';
import type { ServiceFolder } from '../source/folder.ts';
import { placeAt } from '../source/reference.ts';
import { hyperjumpValidator } from '../validate/hyperjump.ts';
import { validatorsOf } from '../validate/message.ts';

/** Valid examples must meet schema and rules, invalid ones must not, and both validators must say the same. */
export async function checkExamples(
  folder: ServiceFolder,
  messages: readonly ReadMessage[],
  mistakes: Mistakes,
): Promise<void> {
  for (const { source, of, valid, payload } of exampleFiles(folder)) {
    for (const message of messages.filter((candidate) => candidate.name === of)) {
      const fault = validatorsOf(message).payload(payload);
      const again = (await hyperjumpValidator(message.payload))(payload);
      const path = (fault ?? again)?.path.split('/').slice(1) ?? [];
      const place = placeAt({ source, path });
      if ((fault === undefined) !== (again === undefined)) {
        const what = `the two validators disagree about the example (${(fault ?? again)?.keyword ?? ''})`;
        mistakes.add(place, what, 'write the schema so that no validator can read it otherwise');
        continue;
      }
      const broken = message.rules.find((rule) => !ruleHolds(rule, payload, headersFor(message, payload)));
      if (valid && fault !== undefined) {
        mistakes.add(
          place,
          `the valid example breaks the schema: ${fault.keyword} at ${fault.path || '/'}`,
          'correct the example or the schema',
        );
      } else if (valid && broken !== undefined) {
        mistakes.add(
          placeAt({ source, path: broken.field.split('/').slice(1) }),
          `the valid example breaks the rule ${broken.rule} at ${broken.field}`,
          'correct the example or the rule',
        );
      } else if (!valid && fault === undefined && broken === undefined) {
        mistakes.add(
          { file: source.file },
          `the invalid example of ${message.name} breaks neither schema nor rules`,
          'let it break what it is to show',
        );
      }
    }
  }
}

/** Headers that every equals-header rule holds for, as an example has none of its own. */
function headersFor(message: Message, payload: JsonValue): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const rule of message.rules) {
    if (rule.rule !== 'equals-header') continue;
    const value = valuesAt(payload, rule.field)[0];
    if (value !== undefined) headers[rule.header] ??= typeof value === 'string' ? value : JSON.stringify(value);
  }
  return headers;
}
