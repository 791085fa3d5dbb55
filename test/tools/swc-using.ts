/**
 * The visitor of @swc/core that dependency-cruiser builds on throws "Unknown statement type" at `using` and `await using`.
 * This teaches it to visit what they declare, as it does with `const`. Delete it when the visitor knows them itself.
 */
/* oxlint-disable typescript/no-deprecated -- dependency-cruiser builds on it */
import { Visitor } from '@swc/core/Visitor.js';

type Statement = Parameters<Visitor['visitStatement']>[0];
type Declarators = Parameters<Visitor['visitVariableDeclarators']>[0];
type UsingDeclaration = { readonly type: 'UsingDeclaration'; readonly decls: Declarators };

export function teachUsing(): void {
  const known = Visitor.prototype.visitStatement;
  if (known.name === 'visitStatementOrUsing') return;
  Visitor.prototype.visitStatement = function visitStatementOrUsing(this: Visitor, statement: Statement): Statement {
    const using = statement as Statement | UsingDeclaration;
    if (using.type !== 'UsingDeclaration') return known.call(this, statement);
    this.visitVariableDeclarators(using.decls);
    return statement;
  };
}
