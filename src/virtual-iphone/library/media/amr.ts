import type { Random } from '../random.ts';

/** Frames of speech in a second. */
const FRAMES_PER_SECOND = 50;
/** Bytes of a frame at 12.2 kbit/s, its header byte included. */
const FRAME_BYTES = 32;
/** Frame type 7 (12.2 kbit/s), good quality. */
const FRAME_HEADER = 0x3c;

/** A recording in AMR narrow band (RFC 4867 §5), as voicemail has them: right in every frame, noise to the ear. */
export function encodeAmr(random: Random, seconds: number): Buffer {
  const frames = random.bytes(seconds * FRAMES_PER_SECOND * FRAME_BYTES);
  for (let at = 0; at < frames.length; at += FRAME_BYTES) frames[at] = FRAME_HEADER;
  return Buffer.concat([Buffer.from('#!AMR\n'), frames]);
}
