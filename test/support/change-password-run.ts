/**
 * A change of the backup password in a process of its own, to be killed.
 *
 * Arguments: the vault, the folder of the state, the unix socket of the mux, the folder of the pair records, the UDID,
 * the old password, the new one.
 */
import { argv, stdout } from 'node:process';
import { PairRecordStore, parseMuxAddress } from '../../src/device/index.ts';
import { changeEncryption, findDevice } from '../../src/service/index.ts';

const [
  ,
  ,
  vaultDir = '',
  stateDir = '',
  socketPath = '',
  pairsDir = '',
  udid = '',
  oldPassword = '',
  newPassword = '',
] = argv;

const muxAddress = parseMuxAddress(`UNIX:${socketPath}`);
const setup = { muxAddress, pairRecords: new PairRecordStore({ directory: pairsDir, mux: muxAddress }) };
const device = await findDevice(setup, udid, {});
const change = { kind: 'change', oldPassword, newPassword } as const;
for await (const event of changeEncryption({ setup, device, vaultDir, stateDir, change })) {
  stdout.write(`${JSON.stringify(event)}\n`);
}
