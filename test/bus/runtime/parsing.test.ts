import { describe, expect, test } from 'vitest';

import { mirrorOf, parseRelease } from '../../../harness/bus/runtime/binary/debian.ts';
import { checksumOf } from '../../../harness/bus/runtime/binary/release.ts';
import { librariesIn } from '../../../harness/bus/runtime/container/image.ts';
import { formatVersion, isSupported, parseVersion } from '../../../harness/bus/runtime/version.ts';

describe("a server's version", () => {
  test.for([
    ['nats-server: v2.15.2', '2.15.2'],
    ['2.11.0-RC.1', '2.11.0'],
  ])('%s is read as %s', ([text, version]) => {
    expect(formatVersion(parseVersion(text ?? '') ?? [0, 0, 0])).toBe(version);
  });

  test('is unknown where the text has none', () => {
    expect(parseVersion('nats-server: latest')).toBeUndefined();
  });

  test.for([
    ['2.9.10', false],
    ['2.10.3', false],
    ['2.10.4', true],
    ['2.11.0', true],
    ['3.0.0', true],
    ['1.99.99', false],
  ] as const)('%s is supported: %s', ([text, supported]) => {
    expect(isSupported(parseVersion(text) ?? [0, 0, 0])).toBe(supported);
  });
});

describe("the distribution's mirror", () => {
  const target = (release: string, uri: string, more = ''): string =>
    `MetaKey: main/binary-amd64/Packages\nRelease: ${release}\nRepo-URI: ${uri}\nSite: x\n${more}`;

  test('is that of the release itself, not of its security updates or of others', () => {
    const targets = [
      target('nodistro', 'https://others.example/apt/'),
      target('bookworm-security', 'http://mirror.example/debian-security/'),
      target('bookworm', 'http://mirror.example/debian/'),
    ].join('\n\n');
    expect(mirrorOf(targets, 'bookworm')).toEqual({ uri: 'http://mirror.example/debian/' });
  });

  test('comes with its key where the source names one', () => {
    const found = mirrorOf(target('stable', 'http://m.example/debian/', 'Signed-By: /usr/share/keyrings/d.gpg\n'), 'x');
    expect(found).toEqual({ uri: 'http://m.example/debian/', signedBy: '/usr/share/keyrings/d.gpg' });
  });

  test('is unknown where apt has only others', () => {
    expect(mirrorOf(target('nodistro', 'https://others.example/apt/'), 'bookworm')).toBeUndefined();
  });

  test('is chosen by what /etc/os-release says', () => {
    expect(parseRelease('ID=debian\nVERSION_CODENAME="bookworm"\n# x\n')).toEqual({
      ID: 'debian',
      VERSION_CODENAME: 'bookworm',
    });
  });
});

describe('the checksum of a release', () => {
  const digest = 'ab'.repeat(32);
  const sums = new TextEncoder().encode(`${'cd'.repeat(32)}  other.tar.gz\n${digest}  server.tar.gz\n`);

  test('is the one beside the name', () => {
    expect(checksumOf(sums, 'server.tar.gz')).toBe(digest);
  });

  test('is an error where the name is not listed', () => {
    expect(() => checksumOf(sums, 'server.zip')).toThrow('the release has no server.zip');
  });
});

test('the libraries of an executable are read from what ldd prints', () => {
  const ldd = `\tlinux-vdso.so.1 (0x00007f4769191000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f476900b000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f4769200000)
`;
  expect(librariesIn(ldd)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
  expect(librariesIn('\tnot a dynamic executable\n')).toEqual([]);
});
