import { createRequire } from 'node:module';
import type * as Recheck from 'recheck';
import type { Expression, SchemaFindings } from '../schema/walk.ts';
import type { Mistakes } from '../mistakes.ts';
import { placeAt } from '../source/reference.ts';

// Its main module starts programs and threads of its own; this one is the same in pure JavaScript.
const { checkSync } = createRequire(import.meta.url)('recheck/lib/browser.js') as typeof Recheck;

/** How long one expression may be analysed, and how many steps it may take on the longest text that it meets. */
const bounds = { analysisMs: 10_000, steps: 10_000_000, textLength: 65_536, patternLength: 2000 } as const;

/**
 * Says every regular expression that some text keeps busy for a catastrophically long time. The analysis is exact for what
 * automata can say, and searches for an attack where they cannot; it is recheck's.
 */
export function checkExpressions(findings: SchemaFindings, mistakes: Mistakes): void {
  const known = new Map<string, Growth>();
  for (const expression of findings.expressions) {
    if (expression.source.length > bounds.patternLength) {
      const what = `the pattern is longer than ${String(bounds.patternLength)} characters`;
      mistakes.add(placeAt(expression.at), what, 'split it, or list the values in an enum');
      continue;
    }
    const growth = known.get(expression.source) ?? growthOf(expression.source);
    known.set(expression.source, growth);
    sayGrowth(expression, growth, mistakes);
  }
}

type Growth = 'linear' | 'exponential' | 'unknown' | { readonly degree: number };

function growthOf(source: string): Growth {
  if (plainlyLinear.test(source)) return 'linear';
  const result = checkSync(source, 'u', { timeout: bounds.analysisMs, randomSeed: 1 });
  if (result.status === 'safe') return 'linear';
  if (result.status === 'unknown') return 'unknown';
  const { complexity } = result;
  return complexity.type === 'polynomial' ? { degree: complexity.degree } : 'exponential';
}

/** Anchored, and one character or class after the other with at most one open count: linear without an analysis. */
const part = String.raw`(?:[\w \-/:@#!%&=,;<>~'"]|\\[dwsDWS./\-^$*+?()[\]{}|]|\[(?:[^\\[\]]|\\.)+\])`;
const plainlyLinear = new RegExp(
  String.raw`^\^(?:${part}(?:\{\d+\})?)*(?:${part}(?:[*+?]|\{\d+,\d*\}))?(?:${part}(?:\{\d+\})?)*\$$`,
);

function sayGrowth({ at, maxLength }: Expression, growth: Growth, mistakes: Mistakes): void {
  const next =
    'write it without repetitions inside of repetitions, and without two that match the same text side by side';
  if (growth === 'exponential') {
    mistakes.add(
      placeAt(at),
      'the pattern is catastrophic: the time it takes doubles with each character of some texts',
      next,
    );
  } else if (growth === 'unknown') {
    mistakes.add(
      placeAt(at),
      `the pattern cannot be shown to be harmless within ${String(bounds.analysisMs)} ms`,
      `simplify it: ${next}`,
    );
  } else if (growth !== 'linear' && (maxLength ?? bounds.textLength) ** growth.degree > bounds.steps) {
    const what = `the pattern is catastrophic: the time it takes grows with the text's length to the power of ${String(growth.degree)}`;
    mistakes.add(placeAt(at), what, `${next}, or bound the text by maxLength`);
  }
}
