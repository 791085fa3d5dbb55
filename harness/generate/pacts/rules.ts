import { isJsonObject, pointerToken, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { PactPart } from '../../model/pact.ts';

/** Names and indexes on the way to a place of a body. */
export type Path = readonly string[];

/** A rule of a pact at the places of the body that its path stands for. */
export interface BodyRule {
  /** `*` for each item, or each member. */
  readonly path: Path;
  readonly matchers: readonly JsonObject[];
  /** Whether one of the matchers is enough. */
  readonly either: boolean;
}

/** The rules of a part's body; of those whose paths are of no kind that is known here, only that there are some. */
export interface BodyRules {
  readonly list: readonly BodyRule[];
  readonly isWhole: boolean;
}

export function bodyRules({ matchingRules }: PactPart): BodyRules {
  return rulesIn(matchingRules['body']);
}

/** Rules by path, as a category of a pact has them. */
export function rulesIn(category: JsonValue | undefined): BodyRules {
  const entries = isJsonObject(category) ? Object.entries(category) : [];
  const list = entries.flatMap(([path, rule]) => {
    const tokens = pathOf(path);
    return tokens === undefined ? [] : [{ path: tokens, ...matchersOf(rule) }];
  });
  return { list, isWhole: list.length === entries.length };
}

/** The rule for a place: of several the one that names most of the way, as Pact weighs them. */
export function ruleAt({ list }: BodyRules, path: Path): BodyRule | undefined {
  const fitting = list.filter(
    (rule) => rule.path.length === path.length && rule.path.every((token, at) => token === '*' || token === path[at]),
  );
  return fitting.toSorted((one, other) => weightOf(other) - weightOf(one))[0];
}

const weightOf = ({ path }: BodyRule): number => path.filter((token) => token !== '*').length;

/** A path as a JSON Pointer, with `*` for each item. */
export const pointerOf = (path: Path): string => path.map((token) => `/${pointerToken(token)}`).join('');

/** The matchers of a rule, in the names of version 4. */
export function matchersOf(rule: JsonValue | undefined): Pick<BodyRule, 'matchers' | 'either'> {
  const matchers = isJsonObject(rule) ? rule['matchers'] : undefined;
  const list = Array.isArray(matchers) ? (matchers as readonly JsonValue[]).filter((each) => isJsonObject(each)) : [];
  return { matchers: list, either: isJsonObject(rule) && rule['combine'] === 'OR' };
}

/** `$.a.b[*].c`, `$.a.*` and `$['a'][0]` as their names and indexes; undefined for a path that is no such. */
function pathOf(path: string): Path | undefined {
  if (!/^\$(\.[\w-]+|\.\*|\[\*\]|\[\d+\]|\['[^']*'\])*$/.test(path)) return undefined;
  const tokens = path.slice(1).match(/\['[^']*'\]|[\w-]+|\*/g) ?? [];
  return tokens.map((token) => (token.startsWith("['") ? token.slice(2, -2) : token));
}
