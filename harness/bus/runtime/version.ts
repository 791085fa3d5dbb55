/** `major.minor.patch` of a nats-server. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Older ones do not say why a message was terminated. */
export const oldestVersion: Version = [2, 10, 4];

/** The version in `nats-server: v2.15.2`, `2.15.2-beta.1` and the like. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

export function formatVersion(version: Version): string {
  return version.join('.');
}

export function isSupported(version: Version): boolean {
  for (const [at, part] of version.entries()) {
    const oldest = oldestVersion[at] ?? 0;
    if (part !== oldest) return part > oldest;
  }
  return true;
}
