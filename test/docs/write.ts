/** `npm run docs`: writes CLAUSES.md, the generated parts of the other documents, and what the checkers say of their cases. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeText } from '../checkers/approved.ts';
import { neighbours } from '../checkers/neighbours.ts';
import { said } from '../checkers/said.ts';
import { REPOSITORY } from '../tools/planted-tree.ts';
import { generated } from './generated.ts';
import { read } from './project.ts';

for (const [file, text] of Object.entries({
  ...generated(),
  'test/checkers/said.txt': wholeText(said),
  'test/checkers/neighbours.txt': wholeText(neighbours),
})) {
  const path = join(REPOSITORY, file);
  if (existsSync(path) && read(file) === text) continue;
  writeFileSync(path, text);
  console.log(`wrote ${file}`);
}
