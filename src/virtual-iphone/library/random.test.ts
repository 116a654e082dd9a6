import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from './random.ts';

describe('Random', () => {
  test('repeats itself for the same seed and name', () => {
    assert.deepEqual(draw(new Random(7, 'photos')), draw(new Random(7, 'photos')));
  });

  test('is another for another seed, however large, and another name', () => {
    const firsts = [new Random(1), new Random(2), new Random(1 + 2 ** 32), new Random(1, 'a'), new Random(1, 'b')].map(
      (random) => random.word(),
    );
    assert.equal(new Set(firsts).size, firsts.length);
  });

  test('spreads evenly', () => {
    const random = new Random(3);
    const counts = Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bucket = random.below(10);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    assert.ok(
      counts.every((count) => count > 9500 && count < 10_500),
      String(counts),
    );
  });

  test('makes UUIDs of version 4 in capitals', () => {
    assert.match(new Random(1).uuid(), /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
  });

  test('picks as many as asked, in order and without repeating', () => {
    const values = [...Array(20).keys()];
    const some = new Random(5).some(values, 6);
    assert.equal(some.length, 6);
    assert.deepEqual(
      some,
      [...new Set(some)].toSorted((a, b) => a - b),
    );
  });
});

function draw(random: Random): unknown[] {
  return [random.word(), random.uuid(), random.bytes(9).toString('hex'), random.normal(), random.digits(12)];
}
