import type { Parameter } from '../../model/flow.ts';
import { fieldAt, requiredNames } from '../schema/fields.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';
import type { ReadMessage } from './message.ts';

/** Keys and address parameters: every message must have what its subject and its order are made of. */
export function checkKeys(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const read of flows) {
    const { flow, channel, messages } = read;
    for (const parameter of flow.parameters) {
      for (const message of messages) checkParameter(read, parameter, message, mistakes);
    }
    if (flow.key !== undefined) for (const message of messages) checkKey(read, flow.key, message, mistakes);
    const byHeader = (header: string): boolean =>
      flow.parameters.some(({ location }) => location.of === 'header' && location.pointer === header);
    if (
      flow.key !== undefined &&
      ['ordered-stream', 'last-value'].includes(flow.pattern) &&
      !byHeader('/ce-partitionkey')
    ) {
      const what = `the address of channel ${channel.name} does not carry the key`;
      mistakes.add(
        placeAt(child(channel.at, 'address')),
        what,
        'add a parameter with location: $message.header#/ce-partitionkey',
      );
    }
    if (flow.pattern === 'last-value' && messages.length > 1 && !byHeader('/ce-type')) {
      const what = `channel ${channel.name} keeps last values of several messages and its address does not carry their type`;
      mistakes.add(
        placeAt(child(channel.at, 'address')),
        what,
        'add a parameter with location: $message.header#/ce-type',
      );
    }
    checkFilterNames(read, mistakes);
  }
}

function checkParameter(read: ReadFlow, parameter: Parameter, message: ReadMessage, mistakes: Mistakes): void {
  const { of, pointer } = parameter.location;
  const name = pointer.slice(1);
  if (of === 'header' && !/^ce-[a-z0-9]{1,20}$/.test(name)) {
    mistakes.add(
      parameterPlace(read, parameter),
      `parameter {${parameter.name}} is filled from ${name}, which does not cross the bus`,
      'name a ce- attribute',
    );
    return;
  }
  const must = of === 'header' ? requiredNames(message.headers).has(name) : fieldAt(message.payload, pointer)?.required;
  if (must === true) return;
  const what = `parameter {${parameter.name}} is filled from ${of} ${pointer}, which ${message.name} need not have`;
  mistakes.add(
    parameterPlace(read, parameter),
    what,
    `require it in the ${of} schema of ${message.name}, or fill the parameter from elsewhere`,
  );
}

function parameterPlace(read: ReadFlow, parameter: Parameter) {
  const found = read.channel.parameters.find(({ name }) => name === parameter.name);
  return placeAt(found === undefined ? child(read.channel.at, 'address') : child(found.at, 'location'));
}

function checkKey(read: ReadFlow, key: string, message: ReadMessage, mistakes: Mistakes): void {
  const field = fieldAt(message.payload, key);
  if (field?.required !== true) {
    const what = `the key ${key} is no field that every ${message.name} has`;
    mistakes.add(placeAt(child(read.at, 'key')), what, `name a required field of its payload, or require it there`);
    return;
  }
  const bound = message.rules.some(
    (rule) => rule.rule === 'equals-header' && rule.field === key && rule.header === 'ce-partitionkey',
  );
  if (bound) return;
  const what = `nothing says that ${key} of ${message.name} equals ce-partitionkey`;
  mistakes.add(
    placeAt(child(message.at, 'x-rules')),
    what,
    `add to its x-rules: { rule: equals-header, field: ${key}, header: ce-partitionkey }`,
  );
}

function checkFilterNames(read: ReadFlow, mistakes: Mistakes): void {
  const { flow } = read;
  for (const { application, filter } of flow.receivers) {
    for (const name of Object.keys(filter)) {
      const at = placeAt(child(read.at, 'subscribers', application, 'filter', name));
      const parameter = flow.parameters.find((candidate) => candidate.name === name);
      if (parameter === undefined) {
        const names = flow.parameters.map((candidate) => candidate.name).join(', ');
        mistakes.add(
          at,
          `the filter of ${application} names no parameter of the address: ${name}`,
          `name one of: ${names}`,
        );
      } else if (flow.gap !== undefined && parameter.location.pointer !== '/ce-partitionkey') {
        const what = `the filter of ${application} leaves messages out of an ordered flow: it would see gaps`;
        mistakes.add(at, what, 'filter by the key alone, or let it receive all');
      }
    }
  }
}
