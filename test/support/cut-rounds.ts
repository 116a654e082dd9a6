/** Backups whose connection is cut at a random byte, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { FAULT_POINTS, type FaultPlan } from '../../src/virtual-iphone/index.ts';
import type { Random } from './random.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';

export const BACKUP_SERVICE = 'com.apple.mobilebackup2';
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
/** The handshakes are at the head of a conversation, the moves, the removals and the check at its tail. */
const HEAD_BYTES = 6_000;
const TAIL_BYTES = 20_000;
const SMALL_CONVERSATION_BYTES = 8_000;

/** Bytes of a whole backup conversation, as the phone sees them. */
export interface ConversationLength {
  readonly in: number;
  readonly out: number;
  readonly both: number;
}

export interface CutKind {
  readonly encrypted: boolean;
  /** Whether it is the phone's first backup that is cut. */
  readonly full: boolean;
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
    const where = armCut(scene.phone.faults, random, length);
    ends.push(`${where}: ${await meetCut(scene)}`);
    if (random.onceIn(4)) scene.use();
  }
  await scene.finish();
  await scene.assertAllHold();
  return ends;
}

/** The length of a conversation in which everything is sent, or of the shortest of some in which little is. */
export async function measureConversation(kind: CutKind): Promise<ConversationLength> {
  const shortest = { in: Infinity, out: Infinity, both: Infinity };
  for (let seed = 0; seed < (kind.full ? 1 : 3); seed++) {
    await using scene = await startScene(seed, kind);
    const tally = { inBytes: 0, outBytes: 0 };
    const fault = { service: BACKUP_SERVICE, direction: 'both', afterBytes: Infinity, action: 'cut', tally } as const;
    scene.phone.faults.onStream(fault);
    const end = await scene.attempt();
    if (end instanceof Error) throw end;
    shortest.in = Math.min(shortest.in, tally.inBytes);
    shortest.out = Math.min(shortest.out, tally.outBytes);
    shortest.both = Math.min(shortest.both, tally.inBytes + tally.outBytes);
  }
  return shortest;
}

/** A phone whose next backup is of this kind. */
async function startScene(seed: number, { encrypted, full, productVersion }: CutKind): Promise<Scene> {
  const phone = productVersion === undefined ? {} : { productVersion };
  const scene = await Scene.start({ seed, encrypted, phone });
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

/** Orders a cut: by bytes, most of them in the backup's own conversation, or between two of its steps. */
function armCut(faults: FaultPlan, random: Random, length: ConversationLength): string {
  const direction = random.pick(['in', 'out', 'both'] as const);
  const choice = random.below(10);
  if (choice < 2) {
    const point = random.pick(BACKUP_POINTS);
    const nth = random.between(1, 3);
    faults.at({ point: `mobilebackup2:${point}`, nth, action: { kind: 'disconnect' } });
    return `${point} ${nth}`;
  }
  const service = choice < 4 ? random.pick(OTHER_SERVICES) : BACKUP_SERVICE;
  const isMain = service === BACKUP_SERVICE;
  const afterBytes = isMain ? offsetIn(random, length[direction]) : random.below(SMALL_CONVERSATION_BYTES);
  const nth = random.between(1, service === 'lockdown' ? 3 : 1);
  faults.onStream({ service, direction, afterBytes, action: 'cut', nth });
  return `${service} ${nth} ${direction} ${afterBytes}`;
}

function offsetIn(random: Random, lengthBytes: number): number {
  switch (random.below(5)) {
    case 0:
      return random.below(HEAD_BYTES);
    case 1:
      return lengthBytes - random.below(Math.min(TAIL_BYTES, lengthBytes));
    case 2:
      // As often below 1 KB as between 1 KB and 1 MB: what an earlier cut left over is short.
      return Math.floor(lengthBytes ** (random.below(1_000) / 1_000));
    default:
      return random.below(lengthBytes);
  }
}
