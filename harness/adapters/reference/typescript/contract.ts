import { readService } from '../../../contracts/service/service.ts';
import { Problem } from '../../../model/errors.ts';
import type { Service } from '../../../model/flow.ts';
import type { Environment } from './environment.ts';

/** The service that the environment names, with the application in the role that it says. Throws `Problem` or `Problems`. */
export async function readContract({ contract, service: name, application, role }: Environment): Promise<Service> {
  const { service } = await readService(contract);
  if (service.name !== name) {
    throw new Problem('environment', `SERVICE is ${name}, and CONTRACT the document of ${service.name}`, {
      next: 'give both of one service',
    });
  }
  const found = service.applications.find((candidate) => candidate.name === application);
  if (found === undefined) {
    throw new Problem('environment', `APPLICATION ${application} is not named by ${service.document}`, {
      next: `give one of ${service.applications.map((candidate) => candidate.name).join(', ')}`,
    });
  }
  if (found.role !== role) {
    throw new Problem('environment', `ROLE is ${role}, and ${application} is a ${found.role}`, {
      next: `set ROLE to ${found.role}`,
    });
  }
  return service;
}
