import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DigestDictionary } from '../../harness/observe/scan/dictionary.ts';
import { Scanner } from '../../harness/observe/scan/scanner.ts';
import { createHash } from 'node:crypto';

const canary = fc
  .array(fc.constantFrom(...Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ23456789')), { minLength: 10, maxLength: 10 })
  .map((characters) => characters.join(''));
/** Whole canaries, as a generated payload has them: other words in front, in any script, or none. */
const remark = fc
  .tuple(fc.constantFrom('', 'Ünïcødé "quoted" ', 'a/b\\c + d ', '☃🚓 '), canary)
  .map((parts) => parts.join(''));
const noise = fc.uint8Array({ maxLength: 200 });
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

type Hiding = (text: string, before: Uint8Array, behind: Uint8Array) => Uint8Array;
const around = (before: Uint8Array, text: string, behind: Uint8Array): Buffer =>
  Buffer.concat([before, utf8(text), behind]);

/** How content may end up in an artefact: alone, or with something around it before it was encoded. */
const hidings: Readonly<Record<string, Hiding>> = {
  raw: (text, before, behind) => around(before, text, behind),
  'in upper case': (text, before, behind) => around(before, text.toUpperCase(), behind),
  'in lower case': (text, before, behind) => around(before, text.toLowerCase(), behind),
  'in base64': (text, before, behind) => utf8(around(before, text, behind).toString('base64')),
  'in base64url': (text, before, behind) => utf8(around(before, text, behind).toString('base64url')),
  'in hex': (text, before, behind) => utf8(around(before, text, behind).toString('hex')),
  'in upper-case hex': (text, before, behind) => utf8(around(before, text, behind).toString('hex').toUpperCase()),
  'URL-encoded': (text, before, behind) => around(before, encodeURIComponent(text), behind),
  'JSON-escaped': (text, before, behind) => around(before, JSON.stringify(text), behind),
  'in a gzip member': (text, before, behind) => Buffer.concat([before, gzipSync(utf8(text)), behind]),
  'in gzip inside gzip': (text, before, behind) =>
    Buffer.concat([before, gzipSync(gzipSync(around(before, text, behind)))]),
};

describe('the search for content', () => {
  for (const [how, hide] of Object.entries(hidings)) {
    test(`finds any canary ${how}, wherever it stands`, () => {
      fc.assert(
        fc.property(remark, noise, noise, (text, before, behind) => {
          const result = new Scanner([text, 'another one']).scan(hide(text, before, behind));
          expect(result.hits).toBe(1);
          expect(result.control).toBe(true);
        }),
      );
    });
  }

  test('finds nothing where nothing is, and its control all the same', () => {
    fc.assert(
      fc.property(fc.array(remark, { maxLength: 20 }), fc.uint8Array({ maxLength: 2000 }), (canaries, artefact) => {
        const result = new Scanner(canaries).scan(artefact);
        expect(result).toMatchObject({ hits: 0, found: [], control: true, bytes: artefact.length });
      }),
    );
  });

  test('finds canaries that have no random word of their own whole, in any encoding', () => {
    const text = 'Ünïcødé / "quoted" remark';
    const scanner = new Scanner([text]);
    for (const hide of [
      hidings['raw'],
      hidings['in base64'],
      hidings['in hex'],
      hidings['URL-encoded'],
      hidings['JSON-escaped'],
    ]) {
      expect(scanner.scan(hide?.(text, new Uint8Array(5), new Uint8Array(5)) ?? new Uint8Array()).hits).toBe(1);
    }
    expect(
      scanner.scan(utf8(JSON.stringify(text).replaceAll(/[^ -~]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)))
        .hits,
    ).toBe(1);
  });

  test('finds a canary that stands at the very beginning, at the very end, and on both sides of a control', () => {
    const scanner = new Scanner(['K7ABCDEF2X']);
    expect(scanner.scan(utf8('K7ABCDEF2X')).hits).toBe(1);
    expect(scanner.scan(utf8('...K7ABCDEF2X')).hits).toBe(1);
    expect(scanner.hit('value: k7abcdef2x')).toBe(true);
    expect(scanner.hit('value: k7abcdef2')).toBe(false);
  });

  test('says which canaries are too short to be looked for', () => {
    expect(new Scanner(['short', 'K7ABCDEF2X']).scan(new Uint8Array())).toMatchObject({ skipped: 1, hits: 0 });
  });

  test('reads a megabyte for 500 canaries in every encoding in under 200 ms', () => {
    const canaries = fc.sample(remark, { seed: 1, numRuns: 500 });
    const scanner = new Scanner(canaries);
    const artefact = Buffer.alloc(1024 ** 2, 'when: 2026-03-01T12:00:00.000Z, flow: sample/tasks, id: 5f3e; ');
    artefact.write(canaries[7] ?? '', 900_000);
    scanner.scan(artefact);
    const took = [1, 2, 3].map(() => {
      const from = performance.now();
      expect(scanner.scan(artefact).hits).toBe(1);
      return performance.now() - from;
    });
    expect(Math.min(...took)).toBeLessThan(200);
  });
});

describe('the dictionary attack', () => {
  const algorithm = fc.constantFrom('md5', 'sha1', 'sha256', 'sha512');
  const writing = fc.constantFrom('hex' as const, 'base64' as const, 'base64url' as const);

  test('finds an unkeyed digest of a value that can be guessed, however it is written', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), algorithm, writing, fc.boolean(), (value, name, encoding, upper) => {
        const digest = createHash(name).update(value).digest(encoding);
        const text = encoding === 'hex' && upper ? digest.toUpperCase() : digest;
        const attack = new DigestDictionary(['other', value]).attack(`{"digest":"${name}:${text}","number":1}`);
        expect(attack.length).toBeGreaterThan(0);
      }),
    );
  });

  test('finds one that was cut to 16 digits', () => {
    const digest = createHash('sha256').update('AB12CDE').digest('hex').slice(0, 16);
    expect(new DigestDictionary(['AB12CDE']).attack(`vrm ${digest}`)).toEqual([digest]);
  });

  test('lets keyed digests, links of a chain and ids alone', () => {
    const keyed = createHash('sha256').update('a key that nobody has').update('AB12CDE').digest('hex');
    const text = `{"previous":"${'0'.repeat(64)}","id":"5f3e2b1a-0000-4000-8000-000000000000","mac":"${keyed}"}`;
    expect(new DigestDictionary(['AB12CDE', '1', '']).attack(text)).toEqual([]);
  });
});
