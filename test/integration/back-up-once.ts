/**
 * One backup in a process of its own, to be killed. Arguments: mux socket, folder of pair records, vault.
 * Writes "begun" once everything is loaded, and every event as a line.
 */
import { backUp } from '../../src/backup/index.ts';
import { findLocations, openDevice, PairRecordStore, parseMuxAddress } from '../../src/device/index.ts';
import { openVault } from '../../src/vault/index.ts';

const [socketPath = '', pairsDir = '', vaultDir = ''] = process.argv.slice(2);
const muxAddress = parseMuxAddress(`UNIX:${socketPath}`);
const pairRecords = new PairRecordStore({ directory: pairsDir, mux: muxAddress });
process.stdout.write('begun\n');
const [location] = await findLocations({ muxAddress, store: pairRecords });
if (location === undefined) throw new Error('no phone');
await using device = await openDevice({ location, pairRecords });
await using vault = await openVault(vaultDir, { create: true, purpose: 'a test' });
for await (const event of backUp({ device, vault })) process.stdout.write(`${JSON.stringify(event)}\n`);
