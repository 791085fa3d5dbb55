/**
 * `npm run agreement [-- VALUES [PART OF A NAME]]`: draws so many values of each schema of the bank and of the six services' messages, as
 * objects and as bytes, and asks ajv and hyperjump of each. What it found is kept in result.json, and `npm run docs` tells it.
 */
import fc from 'fast-check';
import { compile } from '../../../../harness/generate/compiled/index.ts';
import { valid, type JsonSchema, type JsonValue } from '../../../../harness/generate/schema/index.ts';
import { services } from '../../../fixtures/services.ts';
import { FORMATS, KEYWORDS, REALISTIC } from '../bank.ts';
import { validatorsOf } from '../validators.ts';
import { keep } from './result.ts';

const valuesOfEach = Number(process.argv[2] ?? 10_000);
const part = process.argv[3] ?? '';
const BATCH = 500;

const schemas: Readonly<Record<string, JsonSchema>> = {
  ...KEYWORDS,
  ...REALISTIC,
  ...Object.fromEntries(FORMATS.map((format) => [`format ${format}`, { type: 'string', format }])),
  ...Object.fromEntries(
    services.flatMap(({ flows }) =>
      flows.flatMap(({ messages }) => messages.map(({ name, payload }) => [`message ${name}`, payload as JsonSchema])),
    ),
  ),
};

function* drawn(schema: JsonSchema): Generator<JsonValue> {
  const decoder = new TextDecoder();
  const { next } = compile({ schema }).generator(1);
  for (let made = 0; made < valuesOfEach; made += BATCH) {
    yield* fc.sample(valid({ schema }), { seed: made, numRuns: BATCH });
    for (let n = 0; n < BATCH; n += 1) yield JSON.parse(decoder.decode(next())) as JsonValue;
  }
}

interface Disagreement {
  readonly schema: string;
  readonly ajv: boolean;
  readonly hyperjump: boolean;
  readonly value: JsonValue;
}

const disagreements: Disagreement[] = [];
let distinct = 0;
const names = Object.keys(schemas).filter((name) => name.includes(part));
for (const name of names) {
  const schema = schemas[name] as JsonSchema;
  const { ajv, hyperjump } = await validatorsOf(schema);
  const seen = new Set<string>();
  for (const value of drawn(schema)) {
    const text = JSON.stringify(value);
    if (seen.has(text)) continue;
    seen.add(text);
    const said = { ajv: ajv(value).length === 0, hyperjump: hyperjump(value).length === 0 };
    if (!said.ajv || !said.hyperjump) disagreements.push({ schema: name, ...said, value });
  }
  distinct += seen.size;
}
if (part === '') keep({ valuesOfEach, schemas: names.length, distinct, refused: disagreements.length });
for (const { schema, value } of disagreements.slice(0, 20)) console.log(`${schema}: ${JSON.stringify(value)}`);
console.log(
  `${String(names.length)} schemas, ${String(distinct)} different values, ${String(disagreements.length)} refused by ajv or hyperjump`,
);
process.exitCode = disagreements.length > 0 ? 1 : 0;
