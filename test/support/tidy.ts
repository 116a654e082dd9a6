import assert from 'node:assert/strict';
import { existsSync, globSync, lstatSync } from 'node:fs';
import { join } from 'node:path';

/** Everything a vault that nobody is working in may hold. */
const RESIDENTS = [
  /^(holdfast\.json|generation|lock\.db|catalogue\.db)$/,
  /^objects\/[0-9a-f]{2}\/[0-9a-f]{62}(\.zst)?$/,
  /^segments\/[0-9a-f]{12}$/,
  /^lists\/[0-9a-f]{64}$/,
  /^labels\/(lock\.db|[0-9A-Za-z-]+\/[0-9A-Za-z-]+\.json)$/,
  /^snapshots\/[0-9A-Za-z-]+\/\d{8}T\d{6}Z-[0-9a-z]+\.json$/,
];

/** Checks that nothing is left over in a vault: no draft, no temporary file, no log of a database. */
export function assertTidy(vaultDir: string): void {
  const strangers = filesIn(vaultDir).filter((path) => !RESIDENTS.some((resident) => resident.test(path)));
  assert.deepEqual(strangers, [], 'files left over in the vault');
  for (const folder of ['drafts', 'tmp']) {
    const path = join(vaultDir, folder);
    if (existsSync(path)) assert.deepEqual(globSync('*', { cwd: path }), [], `remains in ${folder}`);
  }
}

/** Paths of all files, relative and with `/`, in no order. */
export function filesIn(directory: string): string[] {
  return globSync('**', { cwd: directory }).filter((path) => !lstatSync(join(directory, path)).isDirectory());
}
