/** Changes of the encryption of backups that are cut or killed, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseMuxAddress } from '../../src/device/index.ts';
import { changeEncryption, findDevice, type EncryptionChange, type EncryptionEvent } from '../../src/service/index.ts';
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

/** What is done to the encryption of a phone, and how it is reached. */
export interface ChangeVariety {
  readonly kind: EncryptionChange['kind'];
  readonly wifi: boolean;
}

/**
 * One round: a change that is cut, sometimes over an unfinished backup, and made again as its advice says. In the end
 * the phone encrypts as it was told to, and every snapshot opens with the password it had, or without one.
 *
 * @returns how the runs that met a cut ended
 */
export async function passwordCutRound(
  options: ChangeVariety & { seed: number; length: ConversationLength },
): Promise<string[]> {
  const random = randomFrom(options.seed);
  await using scene = await startScene(options);
  if (random.onceIn(3)) await leaveUnfinished(scene);
  const { faults } = scene.phone;
  const cuttable = { length: options.length, points: POINTS, otherServices: OTHER_SERVICES };
  const where = armCut(faults, random, cuttable);
  const end = await attempt(scene, options);
  faults.clear();
  if (end instanceof Error) assert.equal(end.code, 'CONNECTION_LOST', end.message);
  await finish(scene, options);
  return [`${where}: ${end instanceof Error ? 'cut' : 'made'}`];
}

/** One round of the same with a process that is killed. */
export async function passwordKillRound(options: ChangeVariety & { seed: number }): Promise<string[]> {
  const random = randomFrom(options.seed);
  await using scene = await startScene(options);
  if (random.onceIn(3)) await leaveUnfinished(scene);
  const ms = random.below(WHOLE_RUN_MS);
  const { both, phone } = scene;
  const folders = [both.vaultDir, stateDirOf(scene), join(both.directory, 'mux'), both.pairRecords.directory];
  const running = startHoldfast([...folders, phone.udid, JSON.stringify(changeOf(scene, options))], { script: RUN });
  await Promise.race([delay(ms), running.ended]);
  running.process.kill('SIGKILL');
  const result = await running.ended;
  if (result.status !== 0) assert.equal(result.signal, 'SIGKILL', result.stderr);
  await finish(scene, options);
  return [`${ms} ms: ${result.status === 0 ? 'made' : 'killed'}`];
}

/** The length of a conversation in which the password is changed. */
export async function measurePasswordChange(change: ChangeVariety): Promise<ConversationLength> {
  await using scene = await startScene({ seed: 0, ...change });
  const length = tallyConversation(scene.phone.faults);
  const end = await attempt(scene, change);
  if (end instanceof Error) throw end;
  return length();
}

async function startScene({ seed, kind, wifi }: ChangeVariety & { seed: number }): Promise<Scene> {
  const scene = await Scene.start({ seed, encrypted: kind !== 'on', wifi, files: 60 });
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

function changeOf({ password: oldPassword = '' }: Scene, { kind }: ChangeVariety): EncryptionChange {
  if (kind === 'on') return { kind, newPassword: NEW_PASSWORD };
  return kind === 'off' ? { kind, oldPassword } : { kind, oldPassword, newPassword: NEW_PASSWORD };
}

async function attempt(scene: Scene, variety: ChangeVariety): Promise<ChangeDone | AppError> {
  const { both, phone } = scene;
  const signal = AbortSignal.timeout(HANG_MS);
  const setup = { muxAddress: parseMuxAddress(`UNIX:${both.directory}/mux`), pairRecords: both.pairRecords };
  const change = changeOf(scene, variety);
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

/** Runs the same again: it is made then, or refused because it was made before. */
async function finish(scene: Scene, variety: ChangeVariety): Promise<void> {
  await scene.adopt();
  await scene.assertNothingLost();
  const again = await attempt(scene, variety);
  if (again instanceof Error) assertMadeBefore(again, variety);
  await scene.adopt();
  scene.use();
  await scene.finish();
  await assertOpen(scene, variety);
}

/** The old password is wrong by now, and so has the new one; or it is on, or off, already. */
function assertMadeBefore(refused: AppError, { kind }: ChangeVariety): void {
  assert.equal(refused.code, kind === 'change' ? 'WRONG_PASSWORD' : 'DEVICE_REFUSED', refused.message);
  if (kind !== 'change') assert.equal(refused.details['encrypted'], kind === 'on', refused.message);
}

/** Every snapshot holds what the phone held, under the password it had then; the last under what it was told. */
async function assertOpen(scene: Scene, { kind }: ChangeVariety): Promise<void> {
  await using vault = await scene.both.openVault('none');
  const used: (string | undefined)[] = [];
  for (const [id, contents] of scene.taken) {
    const record = vault.findSnapshot(id);
    const candidates = [scene.password ?? NEW_PASSWORD, NEW_PASSWORD];
    const password = record.encrypted
      ? await passwordOf(vault.openSnapshot(record), record.udid, candidates)
      : undefined;
    used.push(password);
    await assertHolds(vault, record, contents, password);
  }
  assert.deepEqual([used.at(0), used.at(-1)], [scene.password, kind === 'off' ? undefined : NEW_PASSWORD]);
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
