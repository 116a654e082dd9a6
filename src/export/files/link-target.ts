import { safeName } from '../../shared/text/safe-name.ts';

/** macOS takes a little more. */
const MAX_TARGET_BYTES = 1000;

/**
 * What a symbolic link may point to when it is taken out: a place in the folder of its own domain, by a path that only
 * goes up at its beginning. Such a path means what it says even where names in it are links, because those are of this
 * kind as well and never lead out either.
 *
 * @param path where the link is going to be, relative to the folder of the export: "HomeDomain/Library/latest".
 * @param target as the phone has it.
 * @returns undefined when it leads elsewhere, or to a name that is written differently here.
 */
export function safeLinkTarget(path: string, target: string): string | undefined {
  if (target.startsWith('/') || Buffer.byteLength(target) > MAX_TARGET_BYTES) return undefined;
  const names = target.split('/').filter((name) => name !== '' && name !== '.');
  const firstDown = names.findIndex((name) => name !== '..');
  const upward = firstDown < 0 ? names.length : firstDown;
  // The link's own name and the domain's are no folders to go up from.
  if (names.length === 0 || upward > path.split('/').length - 2) return undefined;
  // ".." is not safe either.
  const isSafe = names.slice(upward).every((name) => safeName(name, { keepForm: true }) === name);
  return isSafe ? names.join('/') : undefined;
}
