import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from '../../model/json.ts';
import { child, cursorId, resolveReference, valueAt, type Cursor } from '../source/reference.ts';
import type { ServiceFolder } from '../source/folder.ts';
import { keywords } from './keywords.ts';

/**
 * One schema with all that it refers to, self-contained: every target stands once, in `$defs`, under the last part of its
 * name. `$schema`, `$defs` that nothing refers to, and `x-` annotations are left out. The schema was walked before.
 */
export function bundle(folder: ServiceFolder, root: Cursor): JsonSchema {
  const names = new Map<string, string>();
  const waiting: { readonly name: string; readonly at: Cursor }[] = [];

  function nameOf(target: Cursor): string {
    const id = cursorId(target);
    const known = names.get(id);
    if (known !== undefined) return known;
    const last = String(
      target.path.at(-1) ??
        target.source.name
          .split('/')
          .at(-1)
          ?.replace(/\.\w+$/, ''),
    );
    const wanted = last.replaceAll(/[^\w-]/g, '-');
    const taken = new Set(names.values());
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}-${String(count)}`;
    names.set(id, name);
    waiting.push({ name, at: target });
    return name;
  }

  function copySchema(at: Cursor): JsonSchema {
    const schema = valueAt(at);
    if (typeof schema === 'boolean') return schema;
    if (!isJsonObject(schema)) return false;
    const copy: Record<string, JsonValue> = {};
    for (const [name, held] of Object.entries(schema)) {
      const keyword = keywords.get(name);
      if (keyword === undefined || name === '$schema' || name === '$defs') continue;
      copy[name] = name === '$ref' ? copyReference(at, held) : copyHeld(child(at, name), keyword.holds, held);
    }
    return copy;
  }

  function copyReference(at: Cursor, held: JsonValue): JsonValue {
    const target = typeof held === 'string' ? resolveReference(folder, at.source, held) : undefined;
    return target === undefined || 'what' in target ? held : `#/$defs/${nameOf(target)}`;
  }

  function copyHeld(here: Cursor, holds: string, held: JsonValue): JsonValue {
    if (holds === 'schema') return copySchema(here);
    if (holds === 'schemas' && Array.isArray(held)) return held.map((_, item: number) => copySchema(child(here, item)));
    if (holds === 'named-schemas' && isJsonObject(held)) {
      return Object.fromEntries(Object.keys(held).map((name) => [name, copySchema(child(here, name))]));
    }
    return held;
  }

  const schema = copySchema(root);
  const definitions: Record<string, JsonValue> = {};
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    definitions[next.name] = copySchema(next.at);
  }
  if (typeof schema === 'boolean' || Object.keys(definitions).length === 0) return schema;
  return { ...schema, $defs: definitions } satisfies JsonObject;
}
