import { Problem } from '../model/errors.ts';

const reasons: Readonly<Record<string, readonly [why: string, next: string]>> = {
  ENOSPC: ['the disk is full', 'make room, or name a folder on another disk with --out'],
  EDQUOT: ['the disk quota is used up', 'make room, or name a folder on another disk with --out'],
  EACCES: ['this user may not write there', 'name a folder that you may write to with --out'],
  EPERM: ['this user may not write there', 'name a folder that you may write to with --out'],
  EROFS: ['its file system is read-only', 'name a folder on another file system with --out'],
  ENOTDIR: ['a part of the path is a file', 'name a folder with --out'],
  EEXIST: ['there is a file of that name', 'name a folder with --out'],
  ENOENT: ['it cannot be made there', 'name a folder elsewhere with --out'],
  ENAMETOOLONG: ['the path is too long', 'name a shorter one with --out'],
};

/**
 * The problem that a failed write into a folder is.
 * @param cause what the file system said
 * @param instead what to do next where --out names no folder
 */
export function unwritable(what: string, folder: string, cause: unknown, instead?: string): Problem {
  if (cause instanceof Problem) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [why, next] = reasons[code] ?? [message, 'name a writable folder with --out'];
  return new Problem('environment', `${what} cannot be written: ${why}`, {
    place: { file: folder },
    next: instead ?? next,
    cause,
  });
}
