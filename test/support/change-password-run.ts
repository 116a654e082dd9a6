/**
 * A change of the encryption of backups in a process of its own, to be killed.
 *
 * Arguments: the vault, the folder of the state, the unix socket of the mux, the folder of the pair records, the UDID,
 * the change as JSON.
 */
import { argv, stdout } from 'node:process';
import { z } from 'zod';
import { PairRecordStore, parseMuxAddress } from '../../src/device/index.ts';
import { changeEncryption, findDevice } from '../../src/service/index.ts';

const [, , vaultDir = '', stateDir = '', socketPath = '', pairsDir = '', udid = '', changeJson = ''] = argv;

const muxAddress = parseMuxAddress(`UNIX:${socketPath}`);
const setup = { muxAddress, pairRecords: new PairRecordStore({ directory: pairsDir, mux: muxAddress }) };
const device = await findDevice(setup, udid, {});
const change = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('on'), newPassword: z.string() }),
    z.object({ kind: z.literal('off'), oldPassword: z.string() }),
    z.object({ kind: z.literal('change'), oldPassword: z.string(), newPassword: z.string() }),
  ])
  .parse(JSON.parse(changeJson));
for await (const event of changeEncryption({ setup, device, vaultDir, stateDir, change })) {
  stdout.write(`${JSON.stringify(event)}\n`);
}
