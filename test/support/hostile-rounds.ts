/** Backups of a phone that means harm, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../src/shared/errors.ts';
import { HOSTILE_ACTS } from '../../src/virtual-iphone/index.ts';
import { BACKUP_POINTS } from './cut-rounds.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';
import { Surroundings } from './surroundings.ts';

/** The UDID that hostile phones name when they name another one. */
const OTHER_UDID = '00008101-000A00000000001E';
/** What a hostile phone makes a backup end with. It may also finish: some of what it does harms nobody. */
const ENDS: readonly ErrorCode[] = [
  'PROTOCOL_VIOLATION',
  'FORMAT_INVALID',
  'CONNECTION_LOST',
  'SNAPSHOT_CORRUPT',
  'BACKUP_UNFINISHED',
  'DEVICE_REFUSED',
];
/** One act may make this process larger by so much; a length that is believed makes it a gigabyte. */
const MAX_GROWTH_BYTES = 400 * 1024 * 1024;

export interface Attack {
  /** One of HOSTILE_ACTS. */
  readonly act: string;
  /** Where in the backup, as in FAULT_POINTS. */
  readonly point: string;
  readonly nth?: number;
}

/** A phone that turned hostile, beside another phone's backup and things that are nobody's business. */
export class HostileScene implements AsyncDisposable {
  readonly scene: Scene;

  private constructor(scene: Scene) {
    this.scene = scene;
  }

  static async start({ seed, files = 12 }: { seed: number; files?: number }): Promise<HostileScene> {
    const scene = await Scene.start({ seed, encrypted: false, files });
    await scene.finish();
    const { both } = scene;
    await mkdir(join(both.directory, 'neighbour'));
    await writeFile(join(both.directory, 'neighbour', 'diary.txt'), 'Dear diary');
    const vault = await both.openVault();
    await using _ = vault;
    const draft = vault.openDraft(OTHER_UDID);
    const sink = draft.create(`${OTHER_UDID}/Status.plist`);
    await sink.write(Buffer.from('of another phone'));
    await sink.finish();
    const device = { name: 'Bob’s iPhone', productType: 'iPhone14,5', productVersion: '18.5', buildVersion: '22F76' };
    await draft.commit({ device, kind: 'full', encrypted: false });
    return new HostileScene(scene);
  }

  /**
   * Backs the phone up while it attacks.
   *
   * @returns the code of the error it ended with, undefined when it finished.
   */
  async attack({ act, point, nth = 1 }: Attack): Promise<ErrorCode | undefined> {
    const { scene } = this;
    const { both, phone } = scene;
    const surroundings = new Surroundings(both.directory);
    const peakBytes = peakMemoryBytes();
    phone.faults.at({ point: `mobilebackup2:${point}`, nth, action: { kind: 'behave', as: `hostile:${act}` } });
    const end = await scene.attempt();
    phone.faults.clear();
    // Who talks nonsense is also misunderstood.
    phone.breaches.clear();
    const what = `${act} at ${point}`;
    assert.ok(peakMemoryBytes() - peakBytes < MAX_GROWTH_BYTES, `${what} was given too much memory`);
    if (!(end instanceof Error)) {
      scene.settle(end);
      return undefined;
    }
    assert.ok(ENDS.includes(end.code), `${what}: ${end.code} ${end.message}`);
    assert.ok(end.message !== '' && end.hint !== undefined, `${what} ends without a word on what to do`);
    surroundings.assertUntouched(what);
    return end.code;
  }

  /** The phone has come to its senses: the next backup is right, and so are all before it. */
  async recover(): Promise<void> {
    await this.scene.finish();
    await this.scene.assertAllHold();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scene[Symbol.asyncDispose]();
  }
}

/**
 * One round: a phone that does any of the acts anywhere in a backup, a few times over, and then comes to its senses.
 *
 * @returns what each attack ended with
 */
export async function hostileRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  await using hostile = await HostileScene.start({ seed, files: 60 });
  const ends: string[] = [];
  for (let attacks = 4; attacks > 0; attacks--) {
    hostile.scene.use();
    const attack = { act: random.pick(HOSTILE_ACTS), point: random.pick(BACKUP_POINTS), nth: random.pick([1, 1, 2]) };
    ends.push(`${attack.act} at ${attack.point} ${attack.nth}: ${(await hostile.attack(attack)) ?? 'finished'}`);
    if (random.onceIn(4)) await hostile.recover();
  }
  await hostile.recover();
  return ends;
}

function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
