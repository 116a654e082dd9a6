import decode from '@audio/decode-amr';

/** More than a day of speech; a recording is minutes. */
const MAX_AMR_BYTES = 32 * 1024 ** 2;
const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/**
 * A copy of an AMR recording (narrow or wide band) that every computer plays: WAV, 16 bits, one channel. The decoder
 * runs as WebAssembly, where damaged bytes cannot reach anything but its own memory.
 *
 * @returns undefined for what is no AMR, or damaged from its beginning.
 */
export async function playableCopy(amr: Uint8Array): Promise<Buffer | undefined> {
  if (amr.length > MAX_AMR_BYTES || Buffer.from(amr.subarray(0, 5)).toString('latin1') !== '#!AMR') return undefined;
  try {
    const { channelData, sampleRate } = await decode(amr);
    const [samples] = channelData;
    return samples === undefined || samples.length === 0 ? undefined : wav(samples, sampleRate);
  } catch (error) {
    // What WebAssembly throws when a decoder reaches beyond its memory. Everything else is a fault of ours.
    if (error instanceof Error && ['RuntimeError', 'RangeError'].includes(error.name)) return undefined;
    throw error;
  }
}

/** RIFF, `fmt ` and `data`, all little-endian. */
function wav(samples: Float32Array, sampleRate: number): Buffer {
  const dataBytes = samples.length * BYTES_PER_SAMPLE;
  const bytes = Buffer.alloc(HEADER_BYTES + dataBytes);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  // PCM, one channel.
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * BYTES_PER_SAMPLE, 28);
  bytes.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  bytes.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(dataBytes, 40);
  const pcm = new Int16Array(samples.length);
  for (const [i, sample] of samples.entries()) pcm[i] = Math.max(-1, Math.min(1, sample)) * 32_767;
  bytes.set(new Uint8Array(pcm.buffer), HEADER_BYTES);
  return bytes;
}
