/**
 * `npm run suite [-- VALUES [PART OF A NAME]]`: generates from every schema of the official test suite, and keeps in result.json what
 * became of them; `npm run docs` makes the table of it.
 */
import { suiteCases } from './cases.ts';
import { conformanceOf, type Conformance } from './conformance.ts';
import { inShort, keep } from './result.ts';

const values = Number(process.argv[2] ?? 1_000);
const part = process.argv[3] ?? '';
const results: Conformance[] = [];
for (const one of suiteCases())
  if (`${one.file}: ${one.description}`.includes(part)) results.push(await conformanceOf(one, values));
const short = inShort(results, values);
if (part === '') keep(short);
const faults = short.files.flatMap(({ file, faults: of }) => of.map((fault) => `${file}: ${fault}`));
for (const fault of faults) console.log(fault);
console.log(`${String(results.length - faults.length)} passed, ${String(faults.length)} failed`);
process.exitCode = faults.length > 0 ? 1 : 0;
