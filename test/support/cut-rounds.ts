/** Backups whose connection is cut at a random byte, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { FAULT_POINTS } from '../../src/virtual-iphone/index.ts';
import { armCut, tallyConversation, type ConversationLength } from './cuts.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';

/** What a backup needs beside its own connection, and what only decorates it. */
const OTHER_SERVICES = [
  'lockdown',
  'lockdown',
  'com.apple.afc',
  'com.apple.mobile.notification_proxy',
  'com.apple.mobile.installation_proxy',
  'com.apple.springboardservices',
] as const;
/** Where in a backup trouble can be ordered. */
export const BACKUP_POINTS = FAULT_POINTS.filter((point) => !/^(restore|change-password|passcode|policy)/.test(point));

export interface CutKind {
  readonly encrypted: boolean;
  /** Whether it is the phone's first backup that is cut. */
  readonly full: boolean;
  /** Over the network, and no cable. */
  readonly wifi?: boolean;
  /** Of iOS; current when left out. Phones of before iOS 10 keep another kind of manifest. */
  readonly productVersion?: string;
}

export interface CutRoundOptions extends CutKind {
  readonly seed: number;
  readonly length: ConversationLength;
}

/**
 * One round, the same for the same seed: a backup that is cut, sometimes more than once, and the run that finishes it.
 *
 * @returns how the runs that met a cut ended, for the reader of the soak's output.
 */
export async function cutRound({ seed, length, ...kind }: CutRoundOptions): Promise<string[]> {
  const random = randomFrom(seed);
  await using scene = await startScene(seed, kind);
  const ends: string[] = [];
  for (let cuts = random.pick([1, 1, 1, 2, 3]); cuts > 0; cuts--) {
    const cuttable = { length, points: BACKUP_POINTS, otherServices: OTHER_SERVICES };
    const where = armCut(scene.phone.faults, random, cuttable);
    ends.push(`${where}: ${await meetCut(scene)}`);
    if (random.onceIn(4)) scene.use();
  }
  await scene.finish();
  await scene.assertAllHold();
  return ends;
}

/** The length of a conversation in which everything is sent, or of the shortest of some in which little is. */
export async function measureConversation(kind: CutKind): Promise<ConversationLength> {
  const lengths: ConversationLength[] = [];
  for (let seed = 0; seed < (kind.full ? 1 : 3); seed++) {
    await using scene = await startScene(seed, kind);
    const length = tallyConversation(scene.phone.faults);
    const end = await scene.attempt();
    if (end instanceof Error) throw end;
    lengths.push(length());
  }
  const shortest = (way: keyof ConversationLength): number => Math.min(...lengths.map((each) => each[way]));
  return { in: shortest('in'), out: shortest('out'), both: shortest('both') };
}

/** A phone whose next backup is of this kind. */
async function startScene(seed: number, { encrypted, full, wifi = false, productVersion }: CutKind): Promise<Scene> {
  const phone = productVersion === undefined ? {} : { productVersion };
  const scene = await Scene.start({ seed, encrypted, phone, wifi });
  if (full) return scene;
  await scene.finish();
  scene.use();
  return scene;
}

/** Backs up into the cut. @returns what became of it */
async function meetCut(scene: Scene): Promise<string> {
  const end = await scene.attempt();
  scene.phone.faults.clear();
  if (!(end instanceof Error)) {
    // The cut came after the last word, or where it takes nothing away.
    scene.settle(end);
    return 'finished';
  }
  assert.equal(end.code, 'CONNECTION_LOST', end.message);
  assert.ok(end.hint !== undefined);
  await scene.assertNothingLost();
  return String(end.details['phase'] ?? 'before it began');
}
