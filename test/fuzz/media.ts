/** Pictures, films and recordings with damage in them: what they say of themselves is read or left, quickly. */
import { transcriptIn } from '../../src/content/voice-memos/transcript.ts';
import { boxAt } from '../../src/formats/index.ts';
import { readMediaFacts } from '../../src/media/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { encodeRecording } from '../../src/virtual-iphone/library/media/audio.ts';
import { encodeExif, type CameraFacts } from '../../src/virtual-iphone/library/media/exif.ts';
import { encodeHeic } from '../../src/virtual-iphone/library/media/heic.ts';
import { encodeMovie } from '../../src/virtual-iphone/library/media/movie.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound } from '../support/random.ts';

/** Far beyond what these small files need, even on a busy machine. */
const HANG_MS = 5_000;
const FACTS: CameraFacts = {
  takenAt: new Date('2026-05-01T07:30:00Z'),
  utcOffsetMinutes: 120,
  widthPx: 64,
  heightPx: 48,
  model: 'iPhone 13',
  software: '18.5',
  location: { latitude: 47.66, longitude: 9.17, altitudeM: 400 },
  contentIdentifier: '01234567-89AB-4CDE-8F01-23456789ABCD',
};
const TRANSCRIPT = JSON.stringify({
  locale: { identifier: 'de_DE' },
  attributedString: { runs: ['Guten', 0, ' Tag', 1], attributeTable: [{ timeRange: [0, 1] }, { timeRange: [1, 2] }] },
});

type Reader = (bytes: Buffer) => unknown;

export async function run(count: number, seed: number): Promise<void> {
  const samples = sampleFiles();
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const [bytes, read] = random.pick(samples);
    const damaged = mutate(random, bytes);
    const startedMs = performance.now();
    try {
      await read(damaged);
    } catch (cause) {
      if (!isAppError(cause, 'FORMAT_INVALID')) {
        throw new Error(`media fuzz case failed with seed ${seedOfRound(seed, i)}`, { cause });
      }
    }
    if (performance.now() - startedMs > HANG_MS)
      throw new Error(`media fuzz case ${seedOfRound(seed, i)} took too long`);
  }
}

function sampleFiles(): (readonly [Buffer, Reader])[] {
  const madeAt = FACTS.takenAt;
  const exif = encodeExif(FACTS);
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 4);
  const jpeg = Buffer.concat([head, exif, Buffer.from([0xff, 0xda, 0, 2])]);
  const movie = encodeMovie({ facts: FACTS, frames: [Buffer.alloc(30), Buffer.alloc(40)], framesPerSecond: 24 });
  const recordings = [false, true].map((isQuickTime) => {
    const file = encodeRecording(madeAt, 1, 440, { transcript: TRANSCRIPT, isQuickTime });
    // Damage is to hit what is read, not the sound.
    return file.subarray(file.indexOf('moov') - 4);
  });
  return [
    [jpeg, facts('a.jpg')],
    [encodeHeic(FACTS, Buffer.alloc(50)), facts('a.heic')],
    [exif.subarray(6), facts('a.tif')],
    [movie, facts('a.mov')],
    ...recordings.map((file) => [file, transcript] as const),
  ];
}

const facts =
  (name: string): Reader =>
  (bytes) =>
    readMediaFacts(once(bytes), name);

const transcript = (bytes: Buffer): unknown => transcriptIn(boxAt(bytes, 'moov') ?? bytes);

async function* once(bytes: Buffer): AsyncGenerator<Buffer, undefined> {
  yield bytes;
}
