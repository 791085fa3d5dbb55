import { anonymousPlace } from '../../model/declared.ts';
import { messagesOf, type Flow, type Message, type Service } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import { ruleHolds } from '../../model/rules.ts';
import type { SchemaFault, Validator } from './ajv.ts';
import { hyperjumpValidator } from './hyperjump.ts';
import { validatorsOf } from './message.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * What facts about a service's messages are made with: ajv and hyperjump, compiled, and the rules. A fault is written as in the
 * history: `schema:<keyword>:<path>`, `header:<name>`, `rule:<n>`; undefined where there is none.
 */
export async function createValidators(service: Service) {
  const byType = new Map<string, { readonly flow: Flow; readonly message: Message }>();
  const second = new Map<Message, Validator>();
  for (const flow of service.flows) {
    for (const message of messagesOf(flow)) {
      if (!byType.has(message.name)) byType.set(message.name, { flow, message });
      second.set(message, await hyperjumpValidator(message.payload));
    }
  }
  return {
    find: (type: string) => byType.get(type),
    payloadFault: (message: Message, payload: JsonValue) =>
      schemaFault(message, validatorsOf(message).payload(payload)),
    payloadFaultAgain: (message: Message, payload: JsonValue) => {
      const validator = second.get(message);
      if (validator === undefined) throw new TypeError(`message ${message.name} is not of service ${service.name}`);
      return schemaFault(message, validator(payload));
    },
    headerFault: (message: Message, headers: Headers) => {
      const fault = validatorsOf(message).headers(headers);
      return fault === undefined ? undefined : `header:${fault.missing ?? fault.path.slice(1)}`;
    },
    ruleFault: (message: Message, headers: Headers, payload: JsonValue) => {
      const broken = message.rules.findIndex((rule) => !ruleHolds(rule, payload, headers));
      return broken < 0 ? undefined : `rule:${String(broken)}`;
    },
  };
}

function schemaFault({ payload }: Message, fault: SchemaFault | undefined): string | undefined {
  return fault === undefined ? undefined : `schema:${fault.keyword}:${anonymousPlace(payload, fault.path)}`;
}
