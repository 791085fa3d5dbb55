/** Strings: from patterns, formats and lengths; or of encoded content. */
import type { Alternative } from './alternatives.ts';
import type { Draw } from './choices.ts';
import { UnsupportedPattern } from './errors.ts';
import { ENCODINGS } from './formats.ts';
import { drawNode, type Places, type Shape } from './node.ts';
import { codePoints, type JsonSchema, type JsonValue } from './json.ts';
import { languageOf, type Language } from './language.ts';
import { matches } from './members.ts';
import { stringRules, type StringRules } from './rules.ts';

/** @returns undefined where no string obeys the rules */
export function textOf(of: Alternative, unwanted: ReadonlySet<string>, graph: Places): Shape | undefined {
  const rules = stringRules(of);
  if (rules.json) return contentOf(of, rules, graph);
  const notTexts = [...unwanted].filter((one) => one.startsWith('"')).map((one) => JSON.parse(one) as string);
  const language = firstLanguage(of, rules, notTexts);
  if (language === undefined) return undefined;
  const { accepts } = language;
  return {
    places: () => [],
    cost: () => 1 + language.shortest,
    settle: () => language.draw,
    build: () => ({ kind: 'text', language }),
    accepts: accepts === undefined ? undefined : (value) => accepts(value as string),
  };
}

/** The first way to read the formats (usual before wide) in which there is such a text. */
function firstLanguage(of: Alternative, rules: StringRules, notTexts: readonly string[]): Language | undefined {
  const encoded = rules.encodings.map((one) => ENCODINGS[one] as string);
  const readings = rules.formats.reduce<string[][]>(
    (all, ways) => all.flatMap((before) => ways.map((way) => [...before, way])),
    [[]],
  );
  for (const formats of readings) {
    try {
      const { notPatterns, minLength, maxLength } = rules;
      const given = [...rules.patterns, ...encoded, ...formats];
      const found = orShorter(given, (patterns) =>
        languageOf({ patterns, notPatterns, notTexts, minLength, maxLength }),
      );
      if (found !== undefined) return found;
    } catch (cause) {
      const pattern =
        rules.patterns.find((one) => !works(one)) ?? rules.patterns.at(0) ?? rules.notPatterns.at(0) ?? '';
      const entry = of.entries.find((one) => one.located.schema['pattern'] === pattern) ?? of.entries[0];
      throw new UnsupportedPattern(pattern, `${entry?.located.path ?? ''}/pattern`, (cause as Error).message, {
        cause,
      });
    }
  }
  return undefined;
}

/** How many repetitions more than the least are drawn of a pattern whose whole language is too large. */
const spareRepetitions = 8;

/** The language of all the patterns; where it is too large together, of those of its texts that repeat less. */
function orShorter(
  patterns: readonly string[],
  language: (patterns: readonly string[]) => Language | undefined,
): Language | undefined {
  try {
    return language(patterns);
  } catch (cause) {
    const shorter = patterns.map((pattern) =>
      pattern.replaceAll(/(?<!\\)\{(\d+),(\d*)\}/g, (whole, least: string, most: string) => {
        const enough = Number(least) + spareRepetitions;
        return most !== '' && Number(most) <= enough ? whole : `{${least},${String(enough)}}`;
      }),
    );
    if (patterns.length < 2 || shorter.every((pattern, at) => pattern === patterns[at])) throw cause;
    const found = language(shorter);
    if (found === undefined) throw cause; // there may be longer ones
    return found;
  }
}

function works(pattern: string): boolean {
  try {
    languageOf({ patterns: [pattern], notPatterns: [], notTexts: [], minLength: 0, maxLength: Infinity });
    return true;
  } catch {
    return false;
  }
}

/** JSON as text, encoded where an encoding is named. */
function contentOf(of: Alternative, rules: StringRules, graph: Places): Shape {
  const node = graph.node(
    of.entries.flatMap(({ located }) => {
      const schema = located.schema['contentSchema'] as JsonSchema | undefined;
      return schema === undefined
        ? []
        : [typeof schema === 'boolean' ? schema : graph.documents.locate(schema, located)];
    }),
    of.entries[0]?.located,
  );
  const encoding = rules.encodings[0];
  const encode = (value: JsonValue): string => {
    const text = JSON.stringify(value);
    return encoding === 'base64' || encoding === 'base64url'
      ? Buffer.from(text).toString(encoding)
      : encoding === 'base16'
        ? Buffer.from(text).toString('hex').toUpperCase()
        : text;
  };
  const patterns = [...rules.patterns, ...rules.encodings.map((one) => ENCODINGS[one] as string)];
  const accepts = (value: JsonValue): boolean => {
    const text = value as string;
    const length = codePoints(text);
    return (
      length >= rules.minLength &&
      length <= rules.maxLength &&
      patterns.every((one) => matches(one, text)) &&
      rules.notPatterns.every((one) => !matches(one, text)) &&
      rules.formats.every((ways) => ways.some((one) => matches(one, text)))
    );
  };
  return {
    places: () => [],
    cost: (costOf) => 2 + costOf(node),
    settle: () => (draw: Draw) => encode(drawNode(node, draw)),
    accepts,
  };
}
