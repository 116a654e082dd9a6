import { hash } from 'node:crypto';

/** The name of a file's content in a backup: lowercase hex SHA-1 of `domain-relativePath`. */
export function fileIdOf(domain: string, relativePath: string): string {
  return hash('sha1', `${domain}-${relativePath}`);
}

/** Whether a manifest's text names a file content; anything else could name a file elsewhere on the disk. */
export function isFileId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
