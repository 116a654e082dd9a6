import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the package, from its own package.json two folders up, in a checkout and when installed. */
export const VERSION = versionIn(
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')),
);

function versionIn(description: unknown): string {
  const isComplete = typeof description === 'object' && description !== null && 'version' in description;
  if (!isComplete || typeof description.version !== 'string') throw new Error('package.json names no version');
  return description.version;
}
