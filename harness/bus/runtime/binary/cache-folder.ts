import { homedir } from 'node:os';
import { join } from 'node:path';

/** What may be thrown away at any time, such as fetched servers: `$XDG_CACHE_HOME/busworthy`, else `~/.cache/busworthy`. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'busworthy');
}
