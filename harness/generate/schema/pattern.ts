/** ECMAScript regular expressions (flag `u`, unanchored, as JSON Schema has them) as expressions. */
import { RegExpParser, type AST } from '@eslint-community/regexpp';
import { END, complement, intersection, matching, union, UNIVERSE, type Ranges } from './charset.ts';
import type { Expression, Expressions } from './expression.ts';

/** Copies of a body that a counted repetition with a lookahead inside may be unrolled into. */
const MAX_UNROLLED = 32;

export interface ParsedPattern {
  readonly source: string;
  readonly tree: AST.Pattern;
  /** The expression takes in more than the pattern: what is made must be tested by `regex`. */
  readonly approximate: boolean;
  readonly regex: RegExp;
}

const parsed = new Map<string, ParsedPattern>();

/** @throws {Error} with the reason, where the pattern is malformed or cannot be generated from */
export function parsePattern(source: string): ParsedPattern {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const regex = new RegExp(source, 'u');
  const tree = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(source, 0, source.length, { unicode: true });
  if (straysIn(tree.alternatives, true)) throw new Error('it has a ^ where something else comes first');
  const made = {
    source,
    tree,
    regex,
    approximate: tree.alternatives.some(roughAlternative),
  };
  parsed.set(source, made);
  return made;
}

function rough(node: AST.Element): boolean {
  switch (node.type) {
    case 'Backreference':
      throw new Error('it refers back to a group');
    case 'Assertion':
      if (node.kind === 'word' || node.kind === 'lookbehind') return true;
      return node.kind === 'lookahead' && node.alternatives.some(roughAlternative);
    case 'Group':
    case 'CapturingGroup':
      if (node.type === 'Group' && node.modifiers) throw new Error('it changes flags inside');
      return node.alternatives.some(roughAlternative);
    case 'Quantifier':
      return rough(node.element) || (looks(node.element) && node.max > MAX_UNROLLED);
    default:
      return false;
  }
}
const roughAlternative = (one: AST.Alternative): boolean => one.elements.map(rough).includes(true);

/** Whether a `^` stands where a character may have come before: it is translated as if none had. */
function straysIn(alternatives: readonly AST.Alternative[], isFirst: boolean): boolean {
  return alternatives.some(({ elements }) => {
    let first = isFirst;
    return elements.some((node) => {
      if (node.type === 'Assertion') {
        if (node.kind === 'start') return !first;
        return 'alternatives' in node && straysIn(node.alternatives, first && node.kind === 'lookahead');
      }
      const inside = node.type === 'Quantifier' ? node.element : node;
      const strays = 'alternatives' in inside && straysIn(inside.alternatives, first && inside === node);
      first = false;
      return strays;
    });
  });
}

/** Whether it looks ahead, so that what follows must be known to translate it. */
function looks(node: AST.Element): boolean {
  switch (node.type) {
    case 'Assertion':
      return node.kind === 'lookahead' || node.kind === 'end';
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.some((one) => one.elements.some(looks));
    case 'Quantifier':
      return looks(node.element);
    default:
      return false;
  }
}

/** All texts, with END after them, in which the pattern is found: at their begin, or further on. */
export function expressionOf(pattern: ParsedPattern, make: Expressions): Expression {
  const found = (isAtBegin: boolean): Expression =>
    new Translation(make, isAtBegin).alternatives(pattern.tree.alternatives, make.any);
  return make.alt(found(true), make.cat(make.rep(make.set(UNIVERSE), 1, Infinity), found(false)));
}

class Translation {
  readonly #make: Expressions;
  /** What `^` is: nothing at the begin of a text, impossible elsewhere. */
  readonly #begin: Expression;

  constructor(make: Expressions, isAtBegin: boolean) {
    this.#make = make;
    this.#begin = isAtBegin ? make.empty : make.none;
  }

  alternatives(all: readonly AST.Alternative[], rest: Expression): Expression {
    const each = all.map((one) => one.elements.reduceRight((after, element) => this.element(element, after), rest));
    return this.#make.alt(...each);
  }

  element(node: AST.Element, rest: Expression): Expression {
    const make = this.#make;
    if (!looks(node)) return make.cat(this.plain(node), rest);
    if (node.type === 'Assertion' && node.kind === 'end')
      return make.and(make.cat(make.set([END, END]), make.any), rest);
    if (node.type === 'Assertion' && node.kind === 'lookahead') {
      const ahead = this.alternatives(node.alternatives, make.any);
      return make.and(node.negate ? make.not(ahead) : ahead, rest);
    }
    if (node.type === 'Group' || node.type === 'CapturingGroup') return this.alternatives(node.alternatives, rest);
    if (node.type !== 'Quantifier') throw new Error(`it has a ${node.type}`);
    if (node.max > MAX_UNROLLED) return make.cat(make.rep(this.plain(node.element), node.min, node.max), rest);
    let after = rest;
    for (let n = node.max; n > 0; n -= 1) {
      const once = this.element(node.element, after);
      after = n <= node.min ? once : make.alt(once, rest);
    }
    return after;
  }

  /** Without regard to what follows; looking ahead or around counts as empty. */
  plain(node: AST.Element): Expression {
    const make = this.#make;
    switch (node.type) {
      case 'Assertion':
        if (node.kind === 'start') return this.#begin;
        return make.empty;
      case 'Group':
      case 'CapturingGroup':
        return make.alt(
          ...node.alternatives.map((one) =>
            make.cat(
              make.empty,
              one.elements.map((e) => this.plain(e)).reduceRight((after, e) => make.cat(e, after), make.empty),
            ),
          ),
        );
      case 'Quantifier':
        return make.rep(this.plain(node.element), node.min, node.max);
      case 'Character':
        return make.set([node.value, node.value]);
      case 'CharacterSet':
      case 'CharacterClass':
        return make.set(ranges(node));
      default:
        throw new Error(`it has a ${node.type}`);
    }
  }
}

function ranges(node: AST.CharacterSet | AST.ClassRangesCharacterClassElement | AST.CharacterClass): Ranges {
  switch (node.type) {
    case 'Character':
      return [node.value, node.value];
    case 'CharacterClassRange':
      return [node.min.value, node.max.value];
    case 'CharacterSet': {
      if (node.kind === 'any') return complement([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029]);
      if (node.kind === 'digit') {
        const digits = [0x30, 0x39];
        return node.negate ? complement(digits) : digits;
      }
      return matching(node.raw);
    }
    case 'CharacterClass': {
      if (node.unicodeSets) throw new Error('it has a set of flag v');
      const set = intersection(union(...node.elements.map(ranges)), [0, 0x10ffff]);
      return node.negate ? complement(set) : set;
    }
    default:
      throw new Error('it has a class that is not known');
  }
}
