/** Damaged typedstreams: read or refused, in bounded time, never anything else. */
import { decodeAttributedString } from '../../src/formats/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { encodeAttributedString } from '../../src/virtual-iphone/library/messages/typedstream.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

const LIMIT_MS = 500;

export async function run(count: number, seed: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const own = seedOfRound(seed, round);
    const random = randomFrom(own);
    const bytes = mutate(random, sample(random));
    const startedMs = performance.now();
    try {
      const { text, runs } = decodeAttributedString(bytes);
      const covered = runs.reduce((sum, { length }) => sum + length, 0);
      if (covered !== text.length) throw new Error(`seed ${own}: the runs cover ${covered} of ${text.length}`);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw new Error(`seed ${own}`, { cause: error });
    }
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`seed ${own}: took too long`);
  }
}

function sample(random: Random): Buffer {
  const runs = Array.from({ length: random.between(1, 4) }, (_, i) => ({
    length: random.between(1, 40),
    attributes: {
      __kIMMessagePartAttributeName: i,
      ...(random.onceIn(2) && { __kIMMentionConfirmedMention: '+4915123456' }),
      ...(random.onceIn(3) && { number: random.pick([0, -5, 127, 128, 300, 70_000, -40_000]) }),
    },
  }));
  const length = runs.reduce((sum, each) => sum + each.length, 0);
  return encodeAttributedString(random.pick(['a', 'ü', '語']).repeat(length), runs);
}
