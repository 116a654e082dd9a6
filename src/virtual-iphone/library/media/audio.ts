import { box, fullBox, u16, u32 } from './boxes.ts';
import { encodeTrackFile } from './quicktime.ts';

const SAMPLES_PER_SECOND = 8000;

export interface RecordingOptions {
  /** What was said, as iOS 18 writes it into recordings: a text of JSON. */
  readonly transcript?: string;
  /** A QuickTime file, in which the transcript lies elsewhere. */
  readonly isQuickTime?: boolean;
}

/** A recording in an M4A file: a tone that swells and fades, in A-law at 8 kHz. It plays. */
export function encodeRecording(
  madeAt: Date,
  seconds: number,
  toneHz: number,
  { transcript, isQuickTime = false }: RecordingOptions = {},
): Buffer {
  const samples = Buffer.alloc(seconds * SAMPLES_PER_SECOND);
  for (let i = 0; i < samples.length; i++) {
    const swell = Math.sin((Math.PI * i) / samples.length);
    samples[i] = aLaw(Math.round(12_000 * swell * Math.sin((2 * Math.PI * toneHz * i) / SAMPLES_PER_SECOND)));
  }
  return encodeTrackFile({
    brand: isQuickTime ? 'qt  ' : 'M4A ',
    madeAt,
    handler: 'soun',
    mediaHeader: fullBox('smhd', 0, 0, u16(0, 0)),
    // One channel, 16 bits once decoded; the rate as 16.16.
    description: box(
      'alaw',
      Buffer.alloc(6),
      u16(1),
      Buffer.alloc(8),
      u16(1, 16, 0, 0),
      u32(SAMPLES_PER_SECOND * 0x10000),
    ),
    timescale: SAMPLES_PER_SECOND,
    ticksPerSample: 1,
    samples: [samples],
    sampleBytes: 1,
    ...(transcript !== undefined &&
      (isQuickTime
        ? { trackMetadata: { 'com.apple.VoiceMemos.tsrp': transcript } }
        : { trackUserData: box('tsrp', Buffer.from(transcript)) })),
  });
}

/** ITU-T G.711: sign, exponent and four bits of mantissa, every other bit flipped. */
function aLaw(sample: number): number {
  const magnitude = Math.min(32_767, Math.abs(sample));
  const exponent = Math.max(0, 24 - Math.clz32(magnitude | 0xff));
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f;
  return ((sample >= 0 ? 0x80 : 0) | (exponent << 4) | mantissa) ^ 0x55;
}
