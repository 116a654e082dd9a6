import type { Random } from './random.ts';

/** A copy with a few bytes changed, and sometimes with a part repeated or removed, or the end cut off. */
export function mutate(random: Random, bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  for (let edits = random.between(1, 6); edits > 0; edits--) copy[random.below(copy.length)] = damaged(random);
  const from = random.below(copy.length);
  const to = random.between(from, copy.length);
  switch (random.below(6)) {
    case 0:
      return copy.subarray(0, from);
    case 1:
      return Buffer.concat([copy.subarray(0, from), copy.subarray(to)]);
    case 2:
      return Buffer.concat([copy.subarray(0, to), copy.subarray(from)]);
    default:
      return copy;
  }
}

/** Any byte, but more often one that means a limit somewhere. */
function damaged(random: Random): number {
  return random.onceIn(2) ? random.pick([0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff]) : random.below(256);
}
