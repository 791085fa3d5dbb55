import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Catalogue, Clause, PortRule, Profile, Requirement } from '../model/clause.ts';
import type { JsonObject } from '../model/json.ts';
import { Mistakes } from './mistakes.ts';
import { readBounded, shownPath } from './source/folder.ts';
import { child, placeAt, type Cursor } from './source/reference.ts';
import { parseSource } from './source/source.ts';
import { meetsShape, ownContracts, shapeOf, type ShapeName } from './service/shape.ts';

type List = 'clauses' | 'profiles' | 'requirements' | 'port-rules';

/** The catalogues of a contracts folder; the product's own where `folder` has none. Throws `Problems`. */
export async function loadCatalogue(folder: string = fileURLToPath(ownContracts)): Promise<Catalogue> {
  const mistakes = new Mistakes();
  const read = async (name: List, known?: ReadonlySet<unknown>): Promise<readonly JsonObject[]> =>
    (await mistakes.gather(() => readList(folder, name, known, mistakes))) ?? [];
  const clauses = await read('clauses');
  mistakes.throwIfAny();
  const ids = clauses.map((clause) => clause['id']);
  const profiles = await read('profiles', new Set(ids));
  const requirements = await read('requirements', new Set(ids));
  mistakes.throwIfAny();
  return {
    clauses: clauses as unknown as readonly Clause[],
    profiles: profiles.map((profile) =>
      profile['clauses'] === 'all' ? { ...profile, clauses: ids } : profile,
    ) as unknown as readonly Profile[],
    requirements: requirements as unknown as readonly Requirement[],
  };
}

/** The rules of the application port, in the order in which a supplier mends them; the product's own. Throws `Problems`. */
export async function loadPortRules({ clauses }: Catalogue): Promise<readonly PortRule[]> {
  const mistakes = new Mistakes();
  const known = new Set(clauses.map(({ id }) => id));
  const rules = await readList(fileURLToPath(ownContracts), 'port-rules', known, mistakes);
  mistakes.throwIfAny();
  return rules as unknown as readonly PortRule[];
}

/** `known`: ids of the clauses that the items may name; undefined for the clauses themselves. */
async function readList(
  folder: string,
  name: List,
  known: ReadonlySet<unknown> | undefined,
  mistakes: Mistakes,
): Promise<readonly JsonObject[]> {
  const path = join(folder, `${name}.yaml`);
  const source = parseSource(shownPath(path), `${name}.yaml`, await readBounded(path));
  const root: Cursor = { source, path: [] };
  if (!meetsShape(await shapeOf(name satisfies ShapeName), root, `${name}.yaml`, mistakes)) return [];
  const items = (source.value as JsonObject)[name] as readonly JsonObject[];
  const key = name === 'profiles' ? 'name' : 'id';
  for (const [index, item] of items.entries()) {
    if (items.findIndex((other) => other[key] === item[key]) < index) {
      mistakes.add(
        placeAt(child(root, name, index)),
        `${JSON.stringify(item[key])} stands twice in ${name}.yaml`,
        'delete or rename one of the two',
      );
    }
  }
  if (known !== undefined) checkIds(root, name, items, known, mistakes);
  return items;
}

function checkIds(
  root: Cursor,
  name: List,
  items: readonly JsonObject[],
  known: ReadonlySet<unknown>,
  mistakes: Mistakes,
): void {
  for (const [index, { clauses }] of items.entries()) {
    if (!Array.isArray(clauses)) continue;
    for (const [at, id] of (clauses as readonly unknown[]).entries()) {
      if (known.has(id)) continue;
      mistakes.add(
        placeAt(child(root, name, index, 'clauses', at)),
        `there is no clause ${String(id)}`,
        'correct the id, or add the clause to clauses.yaml',
      );
    }
  }
}
