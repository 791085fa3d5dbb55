import { placeAt, type Cursor } from '../source/reference.ts';
import type { Mistakes } from '../mistakes.ts';
import type { SchemaFindings } from './walk.ts';

/**
 * Says the circles that no validator can follow: a schema that refers back to itself for the same value, and files that refer
 * to one another in a circle. A schema may refer to itself for a part of its value: a tree.
 */
export function checkCircles(findings: SchemaFindings, mistakes: Mistakes): void {
  const within = findings.edges.filter((edge) => edge.at === 'within');
  const schemas = circle(within.map(({ from, to, cursor }) => ({ from, to, cursor })));
  if (schemas !== undefined) {
    const what = 'the schema refers back to itself for the same value, which nothing can meet or break';
    mistakes.add(placeAt(schemas.cursor), what, 'let one schema of the circle say what the value is');
    return;
  }
  const files = findings.edges
    .map(({ from, to, cursor }) => ({ from: fileOf(from), to: fileOf(to), cursor }))
    .filter(({ from, to }) => from !== to);
  const found = circle(files);
  if (found !== undefined) {
    const what = `schema files refer to one another in a circle: ${found.names.join(' → ')}`;
    mistakes.add(placeAt(found.cursor), what, 'put what refers to itself into the $defs of one file');
  }
}

function fileOf(id: string): string {
  return id.slice(0, id.indexOf('#'));
}

interface Step {
  readonly from: string;
  readonly to: string;
  readonly cursor: Cursor;
}

/** A circle of steps, if there is one: its names in order, and where it closes. */
function circle(steps: readonly Step[]): { readonly names: readonly string[]; readonly cursor: Cursor } | undefined {
  const next = Map.groupBy(steps, (step) => step.from);
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): ReturnType<typeof circle> => {
    if (done.has(name)) return undefined;
    for (const step of next.get(name) ?? []) {
      const start = [...trail, name].indexOf(step.to);
      if (start >= 0) return { names: [...trail, name, step.to].slice(start), cursor: step.cursor };
      const found = visit(step.to, [...trail, name]);
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of next.keys()) {
    const found = visit(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
