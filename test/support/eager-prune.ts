/**
 * Forgets by a rule and prunes the vault in its first argument, and says on standard output when it begins; for whoever
 * wants to kill it in the middle. The command line takes ten times as long to start as this takes to end.
 */
import { carryOutForgetting } from '../../src/service/index.ts';
import { openVault, thin } from '../../src/vault/index.ts';
import { say } from './say.ts';

const [vaultDir = '', dailyDays = '0'] = process.argv.slice(2);
await using vault = await openVault(vaultDir, { purpose: 'an eager prune' });
const rule = { allHours: 0, dailyDays: Number(dailyDays), weeklyWeeks: 0, monthlyMonths: 0 };
const { forget } = thin(vault.snapshots(), vault.labels.all(), rule, new Date());
say('begin');
await carryOutForgetting(vault, { vaultDir, stateDir: '', wanted: [], rule }, { forget });
say('forgotten');
await vault.prune({ onProgress: ({ phase }) => say(phase) });
say('end');
