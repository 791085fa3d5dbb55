import { execFileSync } from 'node:child_process';
import { bank, catalogue, flows, scenarios, services } from './project.ts';
import { REPOSITORY } from '../tools/planted-tree.ts';

/** A command as its `--help` tells it. */
interface Command {
  /** Option → whether it takes a value. */
  readonly options: ReadonlyMap<string, boolean>;
  /** Positional arguments at least, and at most. */
  readonly least: number;
  readonly most: number;
}

const groups = ['adapter', 'contracts', 'bus'];
const told = new Map<string, Command>();

/** What is wrong with `busworthy` called so, or undefined where it would be taken; nothing but `--help` is run. */
export function mistakeOf(words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const depth = groups.includes(words[0] ?? '') ? 2 : 1;
  const name = (words[0] ?? '').startsWith('-') ? [] : words.slice(0, depth);
  const command = commandNamed(name);
  if (command === undefined) return `there is no command ${name.join(' ')}`;
  const positional: string[] = [];
  const given = new Map<string, string>();
  for (let at = name.length; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      positional.push(word);
      continue;
    }
    const takesValue = command.options.get(word);
    if (takesValue === undefined) return `${name.join(' ')} has no option ${word}`;
    if (!takesValue) continue;
    const value = words[++at];
    if (value === undefined || value.startsWith('-')) return `${word} needs a value`;
    given.set(word, value);
  }
  if (positional.length < command.least) return `${name.join(' ')} needs an argument`;
  if (positional.length > command.most) return `${name.join(' ')} takes no ${positional.at(-1) ?? ''}`;
  // With contracts of one's own the names are one's own.
  return given.has('--contracts') ? undefined : [...mistakenValues(name.join(' '), given, positional)][0];
}

/** Names that the program would not know. A name in capitals stands for any. */
function* mistakenValues(command: string, given: ReadonlyMap<string, string>, positional: readonly string[]) {
  const known: Readonly<Record<string, readonly string[]>> = {
    '--scenario': scenarios.map(({ name }) => name),
    '--clause': catalogue.clauses.map(({ id }) => id),
    '--flow': flows.map(({ id }) => id),
    '--profile': catalogue.profiles.map(({ name }) => name),
  };
  for (const [option, value] of given) {
    for (const name of known[option] === undefined ? [] : value.split(',')) {
      if (known[option]?.includes(name) !== true) yield `${option} ${name} is not known`;
    }
    if (option === '--bus' && !/^(process|container|(nats|tls):\/\/\S+)$/.test(value)) yield `--bus ${value} is no bus`;
    if (['--seed', '--width', '--port'].includes(option) && !/^\d+$/.test(value))
      yield `${option} ${value} is no number`;
    if (option === '--time-scale' && !(Number(value) > 0 && Number(value) <= 1))
      yield `--time-scale ${value} is no factor`;
  }
  const names: Readonly<Record<string, readonly string[]>> = {
    run: services.map(({ name }) => name),
    'contracts check': services.map(({ name }) => name),
    'bus up': services.map(({ name }) => name),
    explain: catalogue.clauses.map(({ id }) => id),
    calibrate: bank.map(({ name }) => name),
  };
  for (const name of positional) {
    if (names[command] !== undefined && !names[command].includes(name) && !/^[A-Z]+$/.test(name))
      yield `${name} is not known`;
  }
}

function commandNamed(name: readonly string[]): Command | undefined {
  const key = name.join(' ');
  const known = told.get(key) ?? tell(name);
  if (known !== undefined) told.set(key, known);
  return known;
}

function tell(name: readonly string[]): Command | undefined {
  const help = execFileSync(process.execPath, ['harness/cli/main.ts', ...name, '--help'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  const usage = /^Usage: busworthy ?(.*)$/m.exec(help)?.[1] ?? '';
  // An unknown command gets the help of its parent.
  if (!usage.startsWith(name.join(' '))) return undefined;
  const positional = usage
    .slice(name.join(' ').length)
    .split(' ')
    .filter((word) => word !== '' && word !== '[options]');
  const options = [...help.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)( <[^>]+>)?/gm)].flatMap(
    ([, short, long = '', value]) =>
      [long, ...(short === undefined ? [] : [short])].map((option) => [option, value !== undefined] as const),
  );
  return {
    options: new Map(options),
    least: positional.filter((word) => word.startsWith('<')).length,
    most: positional.some((word) => word.includes('...')) ? Infinity : positional.length,
  };
}

/** The words after `busworthy` in each call of it in a line of a shell; quotes are not needed in documents. */
export function callsIn(line: string): readonly (readonly string[])[] {
  return line
    .replace(/#.*$/, '')
    .split(/&&|;|\|/)
    .map((part) => /^\s*\$? ?(?:npm run (?:--silent )?busworthy(?: --(?= |$))?|busworthy)(?: (.*))?$/.exec(part))
    .flatMap((match) => (match === null ? [] : [(match[1] ?? '').split(/\s+/).filter((word) => word !== '')]));
}
