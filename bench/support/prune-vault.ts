/** Removes every snapshot of a vault but the newest, and what only they needed: `node prune-vault.ts VAULT`. */
import { openVault } from '../../src/vault/index.ts';

const [dir = ''] = process.argv.slice(2);
await using vault = await openVault(dir, { purpose: 'a bench' });
for (const record of vault.snapshots().slice(1)) await vault.removeSnapshot(record);
await vault.prune();
