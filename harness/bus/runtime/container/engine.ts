import { hostname } from 'node:os';
import type { ContainerRuntimeClient } from 'testcontainers';

import { Problem } from '../../../model/errors.ts';
import { isAlive } from '../alive.ts';

/** Whose container it is: the harness's host and process id. */
const ownerLabel = 'busworthy.owner';

const owner = `${hostname()} ${String(process.pid)}`;

export const ownerLabels: Readonly<Record<string, string>> = { [ownerLabel]: owner };

/** All containers of this harness, as `docker ps --filter label=…` takes it. */
export const ownLabel = `${ownerLabel}=${owner}`;

/** The container engine that answers here, Docker or Podman. Throws an `environment` problem where none does. */
export async function containerEngine(): Promise<ContainerRuntimeClient> {
  // some 0.4 s of modules, for this runtime only
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    return await getContainerRuntimeClient();
  } catch (cause) {
    const where = process.env['DOCKER_HOST'] ?? '/var/run/docker.sock and the other usual places';
    throw new Problem('environment', `No container engine answers (tried ${where}).`, {
      next: 'Start Docker or Podman (as root on Debian: .ci/docker.sh), or choose the process runtime.',
      cause,
    });
  }
}

/** Removes the containers of harnesses that were killed. Those of other hosts that share the engine are left alone. */
export async function sweepLeftovers(engine: ContainerRuntimeClient): Promise<void> {
  const { dockerode } = engine.container;
  const all = await dockerode.listContainers({ all: true, filters: { label: [ownerLabel] } });
  const leftovers = all.filter(({ Labels }) => {
    const [host, pid] = (Labels[ownerLabel] ?? '').split(' ');
    return host === hostname() && pid !== undefined && !isAlive(Number(pid));
  });
  // another harness may be sweeping as well
  await Promise.allSettled(leftovers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true })));
}
