/**
 * A backup as the command line makes it, in a process of its own, by a vault that makes every few changes durable
 * at once. Small phones are otherwise backed up in a single group, and a killed process would leave nothing behind
 * for the next one to go on from.
 *
 * Arguments: the vault, the unix socket of the mux, the folder of the pair records. Prints the events as JSON.
 */
import { argv, stdout } from 'node:process';
import { backUp } from '../../src/backup/index.ts';
import { findLocations, openDevice, PairRecordStore, parseMuxAddress } from '../../src/device/index.ts';
import { openVaultWith } from '../../src/vault/open-vault.ts';

const [, , vaultDir = '', socketPath = '', pairsDir = ''] = argv;

const groupLimits = { changes: 12, bytes: 256 * 1024, ageMs: 5 };
await using vault = await openVaultWith(vaultDir, { create: true, purpose: 'an eager backup' }, { groupLimits });
const muxAddress = parseMuxAddress(`UNIX:${socketPath}`);
const pairRecords = new PairRecordStore({ directory: pairsDir, mux: muxAddress });
const [location] = await findLocations({ muxAddress, store: pairRecords });
if (location === undefined) throw new Error('the phone is not there');
await using device = await openDevice({ location, pairRecords });
for await (const event of backUp({ device, vault })) stdout.write(`${JSON.stringify(event)}\n`);
