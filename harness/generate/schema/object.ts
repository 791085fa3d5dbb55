/** Objects: declared members, members by pattern, additional members. */
import type { Alternative, Conjunction } from './alternatives.ts';
import type { Demand } from './way.ts';
import { simplestOf, type Draw, type Generator } from './choices.ts';
import type { Located } from './documents.ts';
import {
  drawNode,
  type Build,
  type BuiltMember,
  type Node,
  type Override,
  type Place,
  type Places,
  type Shape,
} from './node.ts';
import { isObject, put, type JsonSchema, type JsonValue } from './json.ts';
import { languageOf } from './language.ts';
import { memberSchemas, patternsOf } from './members.ts';
import { extraNameSchemas, extrasDemanded, forbiddenNames, memberCounts, namesNeeded, requiredNames } from './rules.ts';

/** Undeclared members of one object, beyond those that it must have. */
const MAX_EXTRAS = 5;
const READABLE_NAME = '^[a-z][a-zA-Z]{1,11}$';
const NAME_TRIES = 8;

/** Members without a declared name. */
interface Extra {
  readonly names: Node;
  readonly values: Node;
}

export function objectOf(of: Alternative, graph: Places): Shape {
  const forbidden = forbiddenNames(of);
  const needs = namesNeeded(of);
  const { min, max } = memberCounts(of);
  const required = closure(requiredNames(of), needs);
  const declared = [
    ...new Set([
      ...of.entries.flatMap((entry) => Object.keys(entry.located.schema['properties'] ?? {})),
      ...needs.flatMap(([name, others]) => [name, ...others]),
      ...required,
    ]),
  ];
  const nameSchemas = of.entries.flatMap((entry) => {
    const schema = entry.located.schema['propertyNames'] as JsonSchema | undefined;
    return schema === undefined
      ? []
      : [typeof schema === 'boolean' ? schema : graph.documents.locate(schema, entry.located)];
  });
  const nameAllowed = (name: string): boolean =>
    !forbidden.has(name) &&
    nameSchemas.every((schema) => (typeof schema === 'boolean' ? schema : graph.checker.holds(schema, name)));
  const members: BuiltMember[] = declared.map((name) => ({
    name,
    node: graph.node(nameAllowed(name) ? memberSchemas(of, { name }, graph.documents) : [false], undefined),
    isRequired: required.includes(name),
    needs: closure([name], needs),
  }));
  const byName = new Map(members.map((member) => [member.name, member]));
  const extras = nameSchemas.includes(false)
    ? []
    : extrasOf(of, declared, nameSchemas.filter((one) => one !== true) as Located[], graph);
  const demanded = extrasDemanded(of);
  const isMap = of.entries.some(({ located: { schema } }) =>
    ['patternProperties', 'propertyNames', 'additionalProperties', 'unevaluatedProperties'].some(
      (one) => schema[one] !== undefined,
    ),
  );

  const cost = (costOf: (node: Node) => number): number => {
    const musts = members.filter((member) => member.isRequired);
    let sum = 1;
    for (const member of musts) sum += 1 + costOf(member.node);
    const others = members
      .filter((member) => !member.isRequired)
      .map((member) => member.needs.reduce((total, name) => total + costOf((byName.get(name) as BuiltMember).node), 1))
      .filter((one) => one < Infinity);
    const extra = Math.min(Infinity, ...extras.map((one) => costOf(one.names) + costOf(one.values)));
    if (demanded > 0) sum += demanded * extra;
    const short = Math.max(0, min - musts.length - demanded);
    const cheap = others.toSorted((a, b) => a - b).slice(0, short);
    for (const one of cheap) sum += Math.min(one, extra + 1);
    if (short > cheap.length) sum += (short - cheap.length) * extra;
    return musts.length + demanded > max ? Infinity : sum;
  };

  const settle = (override?: Override): Generator<JsonValue> => {
    const usable = (member: BuiltMember): boolean =>
      member.needs.every((name) => (byName.get(name) as BuiltMember).node.cost < Infinity || name === override?.key);
    const musts = members.filter((member) => member.isRequired || member.name === override?.key).length;
    return (draw) => {
      const out: Record<string, JsonValue> = {};
      let count = 0;
      let pending = musts + demanded;
      const add = (member: BuiltMember): void => {
        if (Object.hasOwn(out, member.name)) return;
        put(out, member.name, member.name === override?.key ? override.draw(draw) : drawNode(member.node, draw));
        count += 1;
      };
      const withNeeds = (member: BuiltMember): void => {
        add(member);
        if (member.needs.length > 1) for (const name of member.needs) add(byName.get(name) as BuiltMember);
      };
      for (const member of members) {
        if (member.isRequired || member.name === override?.key) {
          withNeeds(member);
          pending -= 1;
        } else if (count + pending + member.needs.length <= max && usable(member)) {
          const start = draw.position;
          if (draw.int(1) === 1) withNeeds(member);
          draw.close(start);
        }
      }
      if (override !== undefined && !byName.has(override.key as string)) {
        put(out, override.key as string, override.draw(draw));
        count += 1;
      }
      for (const member of members) if (count < min && usable(member)) withNeeds(member);
      addExtras(draw, out, count);
      return out;
    };
  };

  const addExtras = (draw: Draw, out: Record<string, JsonValue>, count: number): void => {
    const live = extras.filter((extra) => extra.names.cost + extra.values.cost < Infinity);
    if (live.length === 0) return;
    const least = Math.max(demanded, min - count, 0);
    const most = Math.min(max - count, least + MAX_EXTRAS);
    const wanted =
      most <= least
        ? least
        : isMap
          ? draw.length(least, most)
          : draw.int(15) === 15
            ? Math.min(most, least + 1)
            : least;
    const lengthAt = isMap && most > least ? draw.last : -1;
    for (let made = 0; made < wanted; made += 1) {
      const start = draw.position;
      const extra = live[draw.int(live.length - 1)] as Extra;
      for (let attempt = 0; attempt < NAME_TRIES; attempt += 1) {
        const name = drawNode(extra.names, draw) as string;
        if (Object.hasOwn(out, name)) continue;
        put(out, name, drawNode(extra.values, draw));
        break;
      }
      draw.close(start, lengthAt);
    }
  };

  const isCounted = min > required.length || demanded > 1 || (max < Infinity && needs.length > 0);
  const accepts = isCounted
    ? (value: JsonValue): boolean => {
        if (!isObject(value)) return false;
        const names = Object.keys(value);
        return (
          names.length >= min && names.length <= max && names.filter((name) => !byName.has(name)).length >= demanded
        );
      }
    : undefined;
  const places = (): Place[] =>
    [
      ...members.map(({ name, node }) => ({ key: name, node })),
      ...extras
        .filter((extra) => extra.names.cost < Infinity)
        .map((extra) => ({ key: simplestOf((draw) => drawNode(extra.names, draw)) as string, node: extra.values })),
    ].filter((place) => place.node.cost < Infinity);
  const build = (): Build | undefined => {
    const hasExtras = isMap && extras.some((extra) => extra.names.cost + extra.values.cost < Infinity);
    if (hasExtras || isCounted || demanded > 0) return undefined;
    const live = members.filter((member) =>
      member.needs.every((name) => (byName.get(name) as BuiltMember).node.cost < Infinity),
    );
    return { kind: 'object', members: live, optionals: max - required.length };
  };
  return { places, cost, settle, accepts, build };
}

function closure(names: readonly string[], needs: readonly (readonly [string, readonly string[]])[]): string[] {
  const out = new Set(names);
  for (const name of out)
    for (const [when, others] of needs) if (when === name) for (const other of others) out.add(other);
  return [...out];
}

function extrasOf(
  of: Alternative,
  declared: readonly string[],
  nameSchemas: readonly Located[],
  graph: Places,
): Extra[] {
  const all = patternsOf(of);
  const out: Extra[] = [];
  const seen = new Set<string>();
  const groups = [...all.map((pattern) => matchedTogether(pattern, all, declared)), new Set<string>()];
  for (const group of groups) {
    if (group === undefined || (extrasDemanded(of) > 0 && group.size > 0)) continue;
    const key = [...group].join('\n');
    if (seen.has(key)) continue;
    seen.add(key);
    const schemas = memberSchemas(of, { matches: group }, graph.documents);
    if (schemas.includes(false)) continue;
    const notPatterns = all.filter((one) => !group.has(one));
    const isReadable =
      nameSchemas.length + group.size + extraNameSchemas(of).length === 0 &&
      languageOf({ patterns: [READABLE_NAME], notPatterns, notTexts: declared, minLength: 1, maxLength: Infinity }) !==
        undefined;
    const demands: Demand[] = [
      ...notPatterns.map((notPattern) => ({ notPattern })),
      { notValues: [...declared, '__proto__'] },
    ];
    const synthetic = [
      { type: 'string' },
      ...[...group].map((pattern) => ({ pattern })),
      ...(isReadable ? [{ pattern: READABLE_NAME }] : []),
      ...extraNameSchemas(of),
    ];
    const parent = of.entries[0]?.located;
    const names: Conjunction = {
      positives: [...nameSchemas, ...synthetic.map((one) => graph.documents.locate(one, parent))],
      negatives: [],
      demands,
    };
    out.push({ names: graph.place(names, parent), values: graph.node(schemas, parent) });
  }
  // Additional members first: the simplest names.
  return out.toReversed();
}

/** The patterns that a name of this pattern matches as well, alone if that can be. */
function matchedTogether(
  pattern: string,
  all: readonly string[],
  declared: readonly string[],
): ReadonlySet<string> | undefined {
  const rules = { notTexts: declared, minLength: 0, maxLength: Infinity };
  const others = all.filter((one) => one !== pattern);
  if (languageOf({ ...rules, patterns: [pattern], notPatterns: others }) !== undefined) return new Set([pattern]);
  for (const other of others)
    if (
      languageOf({ ...rules, patterns: [pattern, other], notPatterns: others.filter((one) => one !== other) }) !==
      undefined
    )
      return new Set([pattern, other]);
  return languageOf({ ...rules, patterns: all, notPatterns: [] }) === undefined ? undefined : new Set(all);
}
