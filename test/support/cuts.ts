/** Cuts at random places of a conversation with a phone: by bytes, or between two of its steps. */
import type { FaultPlan } from '../../src/virtual-iphone/index.ts';
import type { Random } from './random.ts';

export const BACKUP_SERVICE = 'com.apple.mobilebackup2';
/** The handshakes are at the head of a conversation; the moves, the removals and the check at its tail. */
const HEAD_BYTES = 6_000;
const TAIL_BYTES = 20_000;
const SMALL_CONVERSATION_BYTES = 8_000;

/** Bytes of a whole conversation of the backup service, as the phone sees them. */
export interface ConversationLength {
  readonly in: number;
  readonly out: number;
  readonly both: number;
}

export interface Cuttable {
  readonly length: ConversationLength;
  /** Steps of the phone between which a connection may break, without "mobilebackup2:". */
  readonly points: readonly string[];
  /** The services beside the backup's own; one that is named twice is chosen twice as often. */
  readonly otherServices: readonly string[];
}

/** Orders a cut, most of them in the conversation of the backup service itself. @returns where */
export function armCut(faults: FaultPlan, random: Random, { length, points, otherServices }: Cuttable): string {
  const direction = random.pick(['in', 'out', 'both'] as const);
  const choice = random.below(10);
  if (choice < 2) {
    const point = random.pick(points);
    const nth = random.between(1, 3);
    faults.at({ point: `mobilebackup2:${point}`, nth, action: { kind: 'disconnect' } });
    return `${point} ${nth}`;
  }
  const service = choice < 4 ? random.pick(otherServices) : BACKUP_SERVICE;
  const isMain = service === BACKUP_SERVICE;
  const afterBytes = isMain ? offsetIn(random, length[direction]) : random.below(SMALL_CONVERSATION_BYTES);
  const nth = random.between(1, service === 'lockdown' ? 3 : 1);
  faults.onStream({ service, direction, afterBytes, action: 'cut', nth });
  return `${service} ${nth} ${direction} ${afterBytes}`;
}

/** Counts the bytes of the conversation that follows. */
export function tallyConversation(faults: FaultPlan): () => ConversationLength {
  const tally = { inBytes: 0, outBytes: 0 };
  faults.onStream({ service: BACKUP_SERVICE, direction: 'both', afterBytes: Infinity, action: 'cut', tally });
  return () => ({ in: tally.inBytes, out: tally.outBytes, both: tally.inBytes + tally.outBytes });
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
