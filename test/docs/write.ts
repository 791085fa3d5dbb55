/** `npm run docs`: writes CLAUSES.md, and the generated parts of the other documents. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../tools/planted-tree.ts';
import { generated } from './generated.ts';
import { read } from './project.ts';

for (const [file, text] of Object.entries(generated())) {
  const path = join(REPOSITORY, file);
  if (existsSync(path) && read(file) === text) continue;
  writeFileSync(path, text);
  console.log(`wrote ${file}`);
}
