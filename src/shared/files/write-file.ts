import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from './make-folders.ts';

/** Writes a durable file of a name nobody can guess beside `path`, for the owner's eyes only. @returns its path */
export function writeDraft(path: string, content: string | Uint8Array): string {
  makeFolders(dirname(path), 0o700);
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = openSync(draft, 'wx', 0o600);
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return draft;
}

/**
 * Puts content in the place of a file: after a power cut there is the old one or the new one.
 *
 * @param afterDraft for tests: called when the new content is written and not in place yet.
 */
export function replaceFile(path: string, content: Uint8Array, afterDraft?: () => void): void {
  const draft = writeDraft(path, content);
  try {
    afterDraft?.();
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Removes what a process left that died between writing and renaming. Only while nobody else writes. */
export function removeDrafts(path: string): void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && /^[0-9a-f]{16}$/.test(name.slice(prefix.length))) rmSync(join(folder, name));
  }
}

/** Windows and some network file systems cannot: the name is then as durable as it gets there. */
function syncFolder(folder: string): void {
  let file: number | undefined;
  try {
    file = openSync(folder, 'r');
    fsyncSync(file);
  } catch {
    // The content is durable, and whether its name is, the file system decides.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
