/**
 * What `holdfast get` is compared with: one thread that reads a file, decrypts it and writes it, one after the other,
 * as a short script would: `node plain-reader.ts BACKUP DOMAIN DIR`.
 */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';

// As bin/holdfast.js does for every command.
module.enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'holdfast'));
const { decryptFileContent } = await import('../../src/keybag/index.ts');
const { folderSource, openBackup } = await import('../../src/snapshot/index.ts');

const [folder = '', domain = '', to = ''] = process.argv.slice(2);
using backup = await openBackup(folderSource(folder), { password: process.env['HOLDFAST_PASSWORD'] });
for (const entry of backup.manifest.entries({ domain })) {
  const details = entry.details();
  const key = backup.contentKey(details);
  const stored = readFileSync(join(folder, backup.manifest.contentPath(entry.fileId)));
  const path = join(to, domain, entry.relativePath);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, key === undefined ? stored : decryptFileContent(key, stored).content);
  if (details.modifiedAt !== undefined) utimesSync(path, details.modifiedAt, details.modifiedAt);
}
