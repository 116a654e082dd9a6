/** Changes of the backup password that are cut or killed, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseMuxAddress } from '../../src/device/index.ts';
import { changeEncryption, findDevice, type EncryptionEvent } from '../../src/service/index.ts';
import { isAppError, type AppError } from '../../src/shared/errors.ts';
import { readManifestPlist, unlockBackup } from '../../src/snapshot/index.ts';
import { assertHolds } from './compare.ts';
import { armCut, tallyConversation, type ConversationLength } from './cuts.ts';
import { startHoldfast } from './holdfast-cli.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';

const POINTS = ['handshake', 'hello', 'request', 'change-password', 'change-password-folder', 'response'] as const;
const OTHER_SERVICES = ['lockdown', 'lockdown', 'com.apple.afc', 'com.apple.mobile.notification_proxy'] as const;
const NEW_PASSWORD = 'battery staple';
const RUN = join(import.meta.dirname, 'change-password-run.ts');
const HANG_MS = 60_000;
const WHOLE_RUN_MS = 1_800;

type ChangeDone = Extract<EncryptionEvent, { event: 'done' }>;

/**
 * One round: a change that is cut, sometimes over an unfinished backup, and made again as its advice says. In the end
 * the phone has the new password, and every snapshot opens with the one it had.
 *
 * @returns how the runs that met a cut ended
 */
export async function passwordCutRound(options: {
  seed: number;
  wifi: boolean;
  length: ConversationLength;
}): Promise<string[]> {
  const random = randomFrom(options.seed);
  await using scene = await startScene(options);
  if (random.onceIn(3)) await leaveUnfinished(scene);
  const { faults } = scene.phone;
  const cuttable = { length: options.length, points: POINTS, otherServices: OTHER_SERVICES };
  const where = armCut(faults, random, cuttable);
  const end = await attempt(scene);
  faults.clear();
  if (end instanceof Error) assert.equal(end.code, 'CONNECTION_LOST', end.message);
  await finish(scene);
  return [`${where}: ${end instanceof Error ? 'cut' : 'made'}`];
}

/** One round of the same with a process that is killed. */
export async function passwordKillRound(options: { seed: number; wifi: boolean }): Promise<string[]> {
  const random = randomFrom(options.seed);
  await using scene = await startScene(options);
  if (random.onceIn(3)) await leaveUnfinished(scene);
  const ms = random.below(WHOLE_RUN_MS);
  const { both, phone, password = '' } = scene;
  const folders = [both.vaultDir, stateDirOf(scene), join(both.directory, 'mux'), both.pairRecords.directory];
  const running = startHoldfast([...folders, phone.udid, password, NEW_PASSWORD], { script: RUN });
  await Promise.race([delay(ms), running.ended]);
  running.process.kill('SIGKILL');
  const result = await running.ended;
  if (result.status !== 0) assert.equal(result.signal, 'SIGKILL', result.stderr);
  await finish(scene);
  return [`${ms} ms: ${result.status === 0 ? 'made' : 'killed'}`];
}

/** The length of a conversation in which the password is changed. */
export async function measurePasswordChange({ wifi }: { wifi: boolean }): Promise<ConversationLength> {
  await using scene = await startScene({ seed: 0, wifi });
  const length = tallyConversation(scene.phone.faults);
  const end = await attempt(scene);
  if (end instanceof Error) throw end;
  return length();
}

async function startScene({ seed, wifi }: { seed: number; wifi: boolean }): Promise<Scene> {
  const scene = await Scene.start({ seed, encrypted: true, wifi, files: 60 });
  await scene.finish();
  return scene;
}

/** A backup that waits in the vault to be gone on with. */
async function leaveUnfinished(scene: Scene): Promise<void> {
  scene.use();
  scene.phone.faults.at({ point: 'mobilebackup2:moving', action: { kind: 'disconnect' } });
  assert.ok((await scene.attempt()) instanceof Error);
  scene.phone.faults.clear();
}

async function attempt(scene: Scene): Promise<ChangeDone | AppError> {
  const { both, phone, password } = scene;
  assert.ok(password !== undefined);
  const signal = AbortSignal.timeout(HANG_MS);
  const setup = { muxAddress: parseMuxAddress(`UNIX:${both.directory}/mux`), pairRecords: both.pairRecords };
  const change = { kind: 'change', oldPassword: password, newPassword: NEW_PASSWORD } as const;
  try {
    const device = await findDevice(setup, phone.udid, { signal });
    const places = { vaultDir: both.vaultDir, stateDir: stateDirOf(scene) };
    let done: ChangeDone | undefined;
    for await (const event of changeEncryption({ setup, device, ...places, change, signal })) {
      if (event.event === 'done') done = event;
    }
    assert.ok(done !== undefined);
    return done;
  } catch (error) {
    if (signal.aborted) throw new Error('the change hung', { cause: error });
    if (isAppError(error)) return error;
    throw error;
  }
}

/** Runs the same again: it is made then, or the device says that the old password is wrong, and so has the new one. */
async function finish(scene: Scene): Promise<void> {
  await scene.adopt();
  await scene.assertNothingLost();
  const again = await attempt(scene);
  if (again instanceof Error) assert.equal(again.code, 'WRONG_PASSWORD', again.message);
  await scene.adopt();
  scene.use();
  await scene.finish();
  await assertOpen(scene);
}

/** Every snapshot holds what the phone held, under the password it had then; the last under the new one. */
async function assertOpen(scene: Scene): Promise<void> {
  await using vault = await scene.both.openVault('none');
  const used: string[] = [];
  for (const [id, contents] of scene.taken) {
    const record = vault.findSnapshot(id);
    const password = await passwordOf(vault.openSnapshot(record), record.udid, [scene.password ?? '', NEW_PASSWORD]);
    used.push(password);
    await assertHolds(vault, record, contents, password);
  }
  assert.deepEqual([used.at(0), used.at(-1)], [scene.password, NEW_PASSWORD]);
}

async function passwordOf(
  view: ReturnType<Awaited<ReturnType<Scene['both']['openVault']>>['openSnapshot']>,
  udid: string,
  candidates: readonly string[],
): Promise<string> {
  using _view = view;
  const facts = await readManifestPlist({ read: (path) => view.read(`${udid}/${path}`) });
  assert.ok(facts !== undefined);
  for (const password of candidates) {
    try {
      await unlockBackup(facts, password);
      return password;
    } catch (error) {
      if (!isAppError(error, 'WRONG_PASSWORD')) throw error;
    }
  }
  return assert.fail('a snapshot opens with no password it ever had');
}

const stateDirOf = ({ both }: Scene): string => join(both.directory, 'home', 'state');
