/** Removes every snapshot of a vault but the newest, and what only they needed: `node prune-vault.ts VAULT`. */
import module from 'node:module';
import { join } from 'node:path';

// As bin/holdfast.js does for every command.
module.enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'holdfast'));
const { openVault } = await import('../../src/vault/index.ts');

const [dir = ''] = process.argv.slice(2);
await using vault = await openVault(dir, { purpose: 'a bench' });
for (const record of vault.snapshots().slice(1)) await vault.removeSnapshot(record);
await vault.prune();
