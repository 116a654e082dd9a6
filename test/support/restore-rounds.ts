/** Restores that are cut or killed, and what has to be true of the phone and of the vault afterwards. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { openDevice } from '../../src/device/index.ts';
import { restore, type RestoreEvent } from '../../src/restore/index.ts';
import { isAppError, type AppError } from '../../src/shared/errors.ts';
import { openBackup } from '../../src/snapshot/index.ts';
import { contentsOf, type Contents } from './compare.ts';
import { armCut, tallyConversation, type ConversationLength } from './cuts.ts';
import { startHoldfast } from './holdfast-cli.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';

const POINTS = ['handshake', 'hello', 'request', 'restore-checks', 'restore', 'restore-apply', 'response'] as const;
const OTHER_SERVICES = ['lockdown', 'lockdown', 'com.apple.afc', 'com.apple.mobile.notification_proxy'] as const;
/** No restore of these phones takes longer, even on a busy machine. */
const HANG_MS = 60_000;
/** From the start of a process to the end of its restore, about. */
const WHOLE_RUN_MS = 1_500;

export interface RestoreKind {
  readonly encrypted: boolean;
  readonly wifi: boolean;
}

type RestoreDone = Extract<RestoreEvent, { event: 'done' }>;

/**
 * One round: a phone that was used since its snapshot gets it back, is cut off meanwhile, and gets it in the end. After
 * every cut it holds what it held before, or what the snapshot says: never a mixture.
 *
 * @returns how the runs that met a cut ended
 */
export async function restoreCutRound(
  options: RestoreKind & { seed: number; length: ConversationLength },
): Promise<string[]> {
  const random = randomFrom(options.seed);
  await using round = await RestoreRound.start(options);
  const { phone } = round.scene;
  const ends: string[] = [];
  for (let cuts = random.pick([1, 1, 2]); cuts > 0; cuts--) {
    const cuttable = { length: options.length, points: POINTS, otherServices: OTHER_SERVICES };
    const where = armCut(phone.faults, random, cuttable);
    const end = await round.attempt();
    phone.faults.clear();
    if (end instanceof Error) assert.equal(end.code, 'CONNECTION_LOST', end.message);
    await round.assertWhole();
    ends.push(`${where}: ${end instanceof Error ? String(end.details['phase'] ?? 'before it began') : 'finished'}`);
  }
  await round.finish();
  return ends;
}

/** One round of the same with a process that is killed. */
export async function restoreKillRound(options: RestoreKind & { seed: number }): Promise<string[]> {
  const random = randomFrom(options.seed);
  await using round = await RestoreRound.start(options);
  const ends: string[] = [];
  for (let kills = random.pick([1, 1, 2]); kills > 0; kills--) {
    const ms = random.below(WHOLE_RUN_MS);
    ends.push(`${ms} ms: ${await round.meetKill(ms)}`);
    await round.assertWhole();
  }
  await round.finish();
  return ends;
}

/** The length of a conversation in which everything is restored. */
export async function measureRestore(kind: RestoreKind): Promise<ConversationLength> {
  await using round = await RestoreRound.start({ seed: 0, ...kind });
  const length = tallyConversation(round.scene.phone.faults);
  const end = await round.attempt();
  if (end instanceof Error) throw end;
  return length();
}

class RestoreRound implements AsyncDisposable {
  readonly scene: Scene;
  readonly #snapshot: string;
  readonly #wanted: Contents;
  readonly #before: Contents;

  private constructor(scene: Scene) {
    this.scene = scene;
    const [snapshot, wanted] = [...scene.taken].at(0) ?? [];
    assert.ok(snapshot !== undefined && wanted !== undefined);
    this.#snapshot = snapshot;
    this.#wanted = wanted;
    this.#before = contentsOf(scene.phone);
  }

  static async start({ seed, encrypted, wifi }: RestoreKind & { seed: number }): Promise<RestoreRound> {
    const scene = await Scene.start({ seed, encrypted, wifi, files: 120 });
    await scene.finish();
    scene.use();
    await scene.finish();
    scene.use();
    return new RestoreRound(scene);
  }

  async attempt(): Promise<RestoreDone | AppError> {
    const { both, password } = this.scene;
    const deadline = AbortSignal.timeout(HANG_MS);
    try {
      await using vault = await both.openVault('none');
      const record = vault.findSnapshot(this.#snapshot);
      using view = vault.openSnapshot(record);
      using backup = await openBackup({ read: (path) => view.read(`${record.udid}/${path}`) }, { password });
      const location = await this.scene.locate();
      await using device = await openDevice({ location, pairRecords: both.pairRecords, signal: deadline });
      const source = { backup, udid: record.udid, password };
      let done: RestoreDone | undefined;
      for await (const event of restore({ device, source, options: { removeOthers: true, reboot: false } })) {
        if (event.event === 'done') done = event;
      }
      assert.ok(done !== undefined);
      return done;
    } catch (error) {
      if (deadline.aborted) throw new Error('the restore hung', { cause: error });
      if (isAppError(error)) return error;
      throw error;
    }
  }

  /** @returns what became of a process that was killed so long after its start */
  async meetKill(ms: number): Promise<string> {
    const { cliEnv, password, phone } = this.scene;
    const words = ['restore', this.#snapshot, '--to', phone.udid, '--yes', '--no-safety-backup', '--skip-verify'];
    let phase = 'starting';
    const running = startHoldfast([...words, '--no-reboot', '--json'], {
      env: { ...cliEnv, ...(password === undefined ? {} : { HOLDFAST_PASSWORD: password }) },
      onEvent: (event) => {
        if (typeof event['phase'] === 'string') phase = event['phase'];
      },
    });
    await Promise.race([delay(ms), running.ended]);
    running.process.kill('SIGKILL');
    const result = await running.ended;
    if (result.status === 0) return 'finished';
    assert.equal(result.signal, 'SIGKILL', result.stderr);
    return phase;
  }

  /** The phone is as before or as the snapshot says; the vault has not noticed anything. Restarts the phone. */
  async assertWhole(): Promise<void> {
    const { scene } = this;
    // The phone notices in its own time that nobody is there any more.
    await scene.phone.idle();
    // As people are told to; what an attempt left on the phone goes with it.
    scene.phone.reboot();
    const now = contentsOf(scene.phone);
    if (!equal(now, this.#wanted)) assert.deepEqual(sorted(now), sorted(this.#before));
    await scene.assertNothingLost();
  }

  /** Restores with nothing in the way, and backs the restored phone up. */
  async finish(): Promise<void> {
    const { scene } = this;
    const end = await this.attempt();
    if (end instanceof Error) throw end;
    scene.phone.reboot();
    assert.deepEqual(sorted(contentsOf(scene.phone)), sorted(this.#wanted));
    assert.equal(scene.phone.isSyncLocked, false);
    await scene.finish();
    await scene.assertAllHold();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scene[Symbol.asyncDispose]();
  }
}

function equal(a: Contents, b: Contents): boolean {
  return a.size === b.size && [...a].every(([place, what]) => b.get(place) === what);
}

function sorted(contents: Contents): [string, string][] {
  return [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
