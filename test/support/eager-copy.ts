/**
 * Copies a vault to another one, or repairs it from there, and says on standard output how far it is; for whoever wants
 * to kill it in the middle: `copy|repair VAULT COPY`.
 */
import { openVault } from '../../src/vault/index.ts';
import { say } from './say.ts';

const [what = '', vaultDir = '', copyDir = ''] = process.argv.slice(2);
await using vault = await openVault(vaultDir, { purpose: 'an eager copy', lock: what === 'copy' ? 'none' : 'write' });
await using copy = await openVault(copyDir, { purpose: 'an eager copy', lock: what === 'copy' ? 'write' : 'none' });
say('begin');
if (what === 'copy') for await (const { kind } of vault.replicateTo(copy)) say(kind);
else for await (const { kind } of vault.repair({ donors: [copy.asDonor('the copy')] })) say(kind);
say('end');
