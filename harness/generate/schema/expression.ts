/**
 * Regular expressions with intersection and complement, and their derivatives (Brzozowski 1964).
 * Equal expressions are one object, so that the states of an automaton can be told apart.
 */
import { END, NOTHING, union, type Ranges } from './charset.ts';

interface Base {
  readonly id: number;
  readonly nullable: boolean;
}
export type Expression = Base &
  (
    | { readonly kind: 'none' | 'empty' }
    | { readonly kind: 'set'; readonly set: Ranges }
    | { readonly kind: 'cat'; readonly first: Expression; readonly rest: Expression }
    | { readonly kind: 'alt' | 'and'; readonly parts: readonly Expression[] }
    | { readonly kind: 'not'; readonly body: Expression }
    | { readonly kind: 'rep'; readonly body: Expression; readonly min: number; readonly max: number }
  );
type Shape = Expression extends infer E ? (E extends Base ? Omit<E, keyof Base> : never) : never;

export class Expressions {
  readonly #known = new Map<string, Expression>();
  readonly sets: Ranges[] = [];
  readonly none: Expression = this.#make('0', { kind: 'none' }, false);
  readonly empty: Expression = this.#make('1', { kind: 'empty' }, true);
  readonly any: Expression = this.rep(this.set([0, END]), 0, Infinity);

  #make(key: string, shape: Shape, nullable: boolean): Expression {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = { ...shape, id: this.#known.size, nullable } as Expression;
    this.#known.set(key, made);
    if (made.kind === 'set') this.sets.push(made.set);
    return made;
  }

  set(set: Ranges): Expression {
    return set.length === 0 ? this.none : this.#make(`s${set.join()}`, { kind: 'set', set }, false);
  }

  cat(first: Expression, rest: Expression): Expression {
    if (first.kind === 'none' || rest.kind === 'none') return this.none;
    if (first.kind === 'empty') return rest;
    if (rest.kind === 'empty') return first;
    if (first.kind === 'cat') return this.cat(first.first, this.cat(first.rest, rest));
    return this.#make(`c${first.id},${rest.id}`, { kind: 'cat', first, rest }, first.nullable && rest.nullable);
  }

  alt(...parts: readonly Expression[]): Expression {
    return this.#join('alt', parts);
  }

  and(...parts: readonly Expression[]): Expression {
    return this.#join('and', parts);
  }

  #join(kind: 'alt' | 'and', given: readonly Expression[]): Expression {
    const everything = this.any;
    const neutral = kind === 'alt' ? this.none : everything;
    const absorbing = kind === 'alt' ? everything : this.none;
    const flat = new Map<number, Expression>();
    let set: Ranges = NOTHING;
    for (const part of given.flatMap((one) => (one.kind === kind ? one.parts : [one]))) {
      if (part === absorbing) return absorbing;
      if (part === neutral) continue;
      if (part.kind === 'set' && kind === 'alt') set = union(set, part.set);
      else flat.set(part.id, part);
    }
    if (set.length > 0) {
      const merged = this.set(set);
      flat.set(merged.id, merged);
    }
    if (flat.size === 0) return neutral;
    const parts = [...flat.values()].toSorted((a, b) => a.id - b.id);
    if (parts.length === 1) return parts[0] as Expression;
    return this.#make(
      `${kind}${parts.map((part) => part.id).join()}`,
      { kind, parts },
      kind === 'alt' ? parts.some((part) => part.nullable) : parts.every((part) => part.nullable),
    );
  }

  not(body: Expression): Expression {
    if (body.kind === 'not') return body.body;
    if (body.kind === 'none') return this.any;
    if (body === this.any) return this.none;
    return this.#make(`n${body.id}`, { kind: 'not', body }, !body.nullable);
  }

  rep(body: Expression, min: number, max: number): Expression {
    if (max === 0 || body.kind === 'empty') return this.empty;
    if (body.kind === 'none') return min === 0 ? this.empty : this.none;
    if (min === 1 && max === 1) return body;
    return this.#make(`r${body.id},${min},${max}`, { kind: 'rep', body, min, max }, min === 0 || body.nullable);
  }

  /** What may follow `point`; `point` stands for every character that no set tells from it. */
  derivative(of: Expression, point: number, known: Map<number, Expression>): Expression {
    const before = known.get(of.id);
    if (before !== undefined) return before;
    const after = this.#derive(of, point, known);
    known.set(of.id, after);
    return after;
  }

  #derive(of: Expression, point: number, known: Map<number, Expression>): Expression {
    const next = (one: Expression): Expression => this.derivative(one, point, known);
    switch (of.kind) {
      case 'none':
      case 'empty':
        return this.none;
      case 'set': {
        for (let i = 0; i < of.set.length; i += 2)
          if (point >= (of.set[i] as number) && point <= (of.set[i + 1] as number)) return this.empty;
        return this.none;
      }
      case 'cat': {
        const first = this.cat(next(of.first), of.rest);
        return of.first.nullable ? this.alt(first, next(of.rest)) : first;
      }
      case 'alt':
        return this.alt(...of.parts.map(next));
      case 'and':
        return this.and(...of.parts.map(next));
      case 'not':
        return this.not(next(of.body));
      case 'rep':
        return this.cat(next(of.body), this.rep(of.body, Math.max(0, of.min - 1), of.max - 1));
    }
  }
}
