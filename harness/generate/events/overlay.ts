import { isJsonObject, type JsonValue } from '../../model/json.ts';

/** A payload in which everything that an example says is as the example has it. */
export function overlay(base: JsonValue | undefined, example: JsonValue): JsonValue {
  if (Array.isArray(example) && Array.isArray(base) && base.length > 0) {
    const items = base as readonly JsonValue[];
    return (example as readonly JsonValue[]).map((item, at) => overlay(items[at % items.length], item));
  }
  if (!isJsonObject(example) || !isJsonObject(base)) return example;
  const members = Object.entries(example).map(([name, value]) => [name, overlay(base[name], value)] as const);
  return { ...base, ...Object.fromEntries(members) };
}
