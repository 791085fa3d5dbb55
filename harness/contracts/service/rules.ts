import type { Rule } from '../../model/flow.ts';
import { fieldAt, keywordValues } from '../schema/fields.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';
import type { ReadMessage } from './message.ts';

/** Semantic rules: each must speak of fields and headers that its message may have, of the kind that it is about. */
export function checkRules(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const { messages, replies } of flows) {
    for (const message of [...messages, ...replies]) {
      for (const [index, rule] of message.rules.entries()) checkRule(message, rule, index, mistakes);
    }
  }
}

function checkRule(message: ReadMessage, rule: Rule, index: number, mistakes: Mistakes): void {
  const at = child(message.at, 'x-rules', index);
  const say = (field: string, what: string, next: string): void => {
    mistakes.add(placeAt(child(at, field)), `rule ${rule.rule} of ${message.name}: ${what}`, next);
  };
  const said = (pointer: string, keyword: string): readonly unknown[] =>
    keywordValues(message.payload, pointer, keyword).flat();
  const mustBe = (field: string, pointer: string, type?: string): void => {
    if (fieldAt(message.payload, pointer) === undefined) {
      say(field, `its payload schema has no ${pointer}`, 'correct the pointer');
      return;
    }
    const types = said(pointer, 'type');
    if (type === undefined || (types.length > 0 && types.every((found) => found === type))) return;
    say(field, `${pointer} is not of type ${type}`, `correct the pointer, or write type: ${type} in the schema`);
  };
  const mustBeTime = (field: string, pointer: string): void => {
    mustBe(field, pointer, 'string');
    if (fieldAt(message.payload, pointer) === undefined || said(pointer, 'format').includes('date-time')) return;
    say(field, `${pointer} is not a time`, 'correct the pointer, or write format: date-time in the schema');
  };
  switch (rule.rule) {
    case 'equals-header':
      mustBe('field', rule.field);
      if (fieldAt(message.headers, `/${rule.header}`) === undefined) {
        say('header', `its header schema has no ${rule.header}`, 'correct the name, or add it to the header schema');
      }
      return;
    case 'check-character':
      mustBe('field', rule.field, 'string');
      return;
    case 'not-before':
      mustBeTime('field', rule.field);
      mustBeTime('other', rule.other);
      return;
    case 'count':
      mustBe('field', rule.field, 'integer');
      mustBe('of', rule.of);
      return;
    case 'sum':
      mustBe('field', rule.field, 'integer');
      mustBe('of', rule.of, 'integer');
  }
}
