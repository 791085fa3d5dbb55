import { join } from 'node:path';

import { formatVersion } from '../version.ts';
import { pinnedVersion } from './pin.ts';
import { run, type BinarySource } from './source.ts';

const timeoutMs = 900_000;

/** Builds the pinned module; the Go checksum database vouches for its source. Static, so that it fits any image. */
export const goModule: BinarySource = {
  name: 'the Go module',
  async fetch(folder, progress) {
    await run('go', ['version'], { timeoutMs });
    const module = `github.com/nats-io/nats-server/v2@v${formatVersion(pinnedVersion)}`;
    progress(`building ${module}, which takes a minute or two`);
    await run('go', ['install', module], { env: { CGO_ENABLED: '0', GOBIN: folder, GOFLAGS: '' }, timeoutMs });
    return join(folder, 'nats-server');
  },
};
