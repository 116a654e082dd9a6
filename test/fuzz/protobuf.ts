/** Damaged Protocol Buffers: read or refused, whatever is asked of them. */
import {
  bytesField,
  decodeProtobuf,
  doubleField,
  floatField,
  varintField,
  type ProtobufMessage,
} from '../../src/formats/index.ts';
import { isAppError } from '../../src/shared/errors.ts';
import { mutate } from '../support/mutate.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';

const LIMIT_MS = 500;
const DEPTH = 12;

export async function run(count: number, seed: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const own = seedOfRound(seed, round);
    const random = randomFrom(own);
    const bytes = mutate(random, sample(random, 4));
    const startedMs = performance.now();
    try {
      look(decodeProtobuf(bytes), 0);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw new Error(`seed ${own}`, { cause: error });
    }
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`seed ${own}: took too long`);
  }
}

function look(message: ProtobufMessage, depth: number): void {
  for (let field = 1; field <= 6; field++) {
    message.signed(field);
    message.bigint(field);
    message.double(field);
    message.float(field);
    message.text(field);
    if (depth < DEPTH) for (const inner of message.messages(field)) look(inner, depth + 1);
  }
}

function sample(random: Random, depth: number): Buffer {
  const fields = Array.from({ length: random.between(1, 4) }, () => {
    const field = random.pick([1, 2, 3, 4, 5, 6, 15, 16, 2000]);
    switch (depth === 0 ? random.below(4) : random.below(6)) {
      case 0:
        return varintField(field, random.pick([0, 1, 127, 128, -1, 2 ** 53, 300_000]));
      case 1:
        return doubleField(field, random.below(1000) / 7);
      case 2:
        return floatField(field, random.below(1000) / 7);
      case 3:
        return bytesField(field, random.pick(['', 'text', 'ü', '语'.repeat(50)]));
      default:
        return bytesField(field, sample(random, depth - 1));
    }
  });
  return Buffer.concat(fields);
}
