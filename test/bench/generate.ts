/**
 * What a valid message of about 900 bytes costs, as JSON bytes: from json-schema-faker, from an arbitrary of fast-check written by hand, from
 * the arbitrary of its schema and from the compiled generator of it, in turns. It prints figures and asserts nothing.
 */
import fc from 'fast-check';
import { createGeneratorSync } from 'json-schema-faker';
import { startClock } from '../../harness/engine/clock.ts';
import { compile } from '../../harness/generate/compiled/index.ts';
import { valid } from '../../harness/generate/schema/index.ts';

const rounds = 7;
const text = (least: number, most: number): object => ({ type: 'string', minLength: least, maxLength: most });
const members = {
  incidentNo: { type: 'string', pattern: '^[1-9]\\d{4}/\\d{2}[A-Z]{3}\\d{2}$' },
  messageId: { type: 'string', format: 'uuid' },
  seq: { type: 'integer', minimum: 1, maximum: 1_000_000 },
  openingCode: { type: 'string', pattern: '^[A-Z]{2}\\d{2}$' },
  grade: { enum: ['I', 'S', 'E', 'R'] },
  createdAt: { type: 'string', format: 'date-time' },
  lat: { type: 'number', minimum: 49, maximum: 61 },
  lon: { type: 'number', minimum: -9, maximum: 2 },
  place: text(40, 60),
  caller: {
    type: 'object',
    properties: { name: text(10, 30), phone: { type: 'string', pattern: '^\\+44 \\d{10}$' } },
    required: ['name', 'phone'],
    additionalProperties: false,
  },
  resources: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        callsign: { type: 'string', pattern: '^[A-Z]{2}\\d{2,3}$' },
        etaSeconds: { type: 'integer', minimum: 0, maximum: 3600 },
      },
      required: ['callsign', 'etaSeconds'],
      additionalProperties: false,
    },
    minItems: 4,
    maxItems: 4,
  },
  remark: text(300, 340),
};
const schema = { type: 'object', properties: members, required: Object.keys(members), additionalProperties: false };

const byHand = fc.record({
  incidentNo: fc.stringMatching(/^[1-9]\d{4}\/\d{2}[A-Z]{3}\d{2}$/),
  messageId: fc.uuid(),
  seq: fc.integer({ min: 1, max: 1_000_000 }),
  openingCode: fc.stringMatching(/^[A-Z]{2}\d{2}$/),
  grade: fc.constantFrom('I', 'S', 'E', 'R'),
  createdAt: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2099-12-31') })
    .map((date) => date.toISOString()),
  lat: fc.double({ min: 49, max: 61, noNaN: true }),
  lon: fc.double({ min: -9, max: 2, noNaN: true }),
  place: fc.string({ minLength: 40, maxLength: 60, unit: 'grapheme-ascii' }),
  caller: fc.record({
    name: fc.string({ minLength: 10, maxLength: 30, unit: 'grapheme-ascii' }),
    phone: fc.stringMatching(/^\+44 \d{10}$/),
  }),
  resources: fc.array(
    fc.record({ callsign: fc.stringMatching(/^[A-Z]{2}\d{2,3}$/), etaSeconds: fc.integer({ min: 0, max: 3600 }) }),
    { minLength: 4, maxLength: 4 },
  ),
  remark: fc.string({ minLength: 300, maxLength: 340, unit: 'grapheme-ascii' }),
});

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
function* drawn(arbitrary: fc.Arbitrary<unknown>): Generator<Uint8Array, never> {
  for (let seed = 1; ; seed += 1)
    for (const value of fc.sample(arbitrary, { seed, numRuns: 500 })) yield bytesOf(value);
}

interface Contender {
  readonly name: string;
  readonly values: number;
  readonly start: () => () => Uint8Array;
}
const contenders: readonly Contender[] = [
  {
    name: 'json-schema-faker',
    values: 1_500,
    start: () => {
      const faker = createGeneratorSync({ seed: 1 });
      return () => bytesOf(faker.generate(schema as never));
    },
  },
  {
    name: 'fast-check, by hand',
    values: 4_000,
    start: () => {
      const values = drawn(byHand);
      return () => values.next().value;
    },
  },
  {
    name: 'fast-check, of the schema',
    values: 4_000,
    start: () => {
      const values = drawn(valid({ schema }));
      return () => values.next().value;
    },
  },
  {
    name: 'compiled',
    values: 100_000,
    start: () => {
      const generator = compile({ schema }).generator(1);
      return generator.next;
    },
  },
];

const { now } = startClock();
const began = contenders.map(({ start }) => {
  const from = now();
  const next = start();
  next();
  return { next, startMs: now() - from };
});
const costsUs = contenders.map(() => [] as number[]);
const bytes = contenders.map(() => 0);
for (let round = 0; round <= rounds; round += 1)
  for (const [index, { values }] of contenders.entries()) {
    const { next } = began[index] as (typeof began)[number];
    let sum = 0;
    const from = process.cpuUsage();
    for (let made = 0; made < values; made += 1) sum += next().length;
    const { user, system } = process.cpuUsage(from);
    // The first round warms up.
    if (round > 0) costsUs[index]?.push((user + system) / values);
    bytes[index] = sum / values;
  }

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
const compiledUs = median(costsUs.at(-1) as number[]);
for (const [index, { name }] of contenders.entries()) {
  const us = median(costsUs[index] as number[]);
  console.log(
    `${name.padEnd(26)} ${us.toFixed(2).padStart(7)} µs of processor a value of ${(bytes[index] as number).toFixed(0)} bytes, ` +
      `${(us / compiledUs).toFixed(1).padStart(5)} × compiled; first value after ${(began[index]?.startMs ?? 0).toFixed(1)} ms`,
  );
}
