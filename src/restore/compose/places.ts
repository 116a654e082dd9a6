/** Whether a place that an older backup names can be one of a device: its list may have been written by anybody. */
import { FormatError } from '../../shared/errors.ts';
import { fileIdOf, type EntryKind, type ManifestEntry, type MbFile } from '../../snapshot/index.ts';

/** As APFS has them: UTF-8 bytes of a name, and of a path. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 1024;

/**
 * @throws {FormatError} when the entry is filed under another place's name, or lies where no file of a device can:
 * what was composed of such a list would be anybody's guess, so nothing is.
 */
export function checkPlace({ fileId, domain, relativePath }: ManifestEntry): void {
  if (fileId !== fileIdOf(domain, relativePath)) throw odd('files are listed under the names of others', domain);
  if (relativePath === '') return;
  if (relativePath.includes('\0') || !relativePath.isWellFormed() || Buffer.byteLength(relativePath) > MAX_PATH_BYTES) {
    throw odd('a name is none that a device could have', domain);
  }
  for (const name of relativePath.split('/')) {
    if (name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > MAX_NAME_BYTES) {
      throw odd('a path leads out of its folder', domain);
    }
  }
}

const TYPE_BITS = 0o170000;
const TYPES: Readonly<Record<EntryKind, number>> = { file: 0o100000, directory: 0o040000, symlink: 0o120000 };

/** @throws {FormatError} when what an entry says of itself is not what it is listed as. */
export function checkDetails({ domain, relativePath, kind }: ManifestEntry, details: MbFile): void {
  if (details.relativePath !== relativePath) throw odd('files are listed under the names of others', domain);
  if ((details.mode & TYPE_BITS) !== TYPES[kind])
    throw odd('files, folders and links are listed as each other', domain);
}

/** The folders that a place lies in, from its domain's own down to the nearest. */
export function foldersOf(relativePath: string): string[] {
  const folders: string[] = [];
  if (relativePath !== '') folders.push('');
  for (let slash = relativePath.indexOf('/'); slash !== -1; slash = relativePath.indexOf('/', slash + 1)) {
    folders.push(relativePath.slice(0, slash));
  }
  return folders;
}

/** The older backup's list contradicts itself, or what a device is. */
export function odd(what: string, domain: string): FormatError {
  return new FormatError(`the snapshot’s list of files is not one that a device wrote: ${what}`, {
    hint: 'Nothing was taken from it. Choose another snapshot.',
    details: { domain },
  });
}
