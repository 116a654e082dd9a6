import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOf } from './name-of.ts';
import { scaleOf } from './scale.ts';

for (const [least, most, ticks] of [
  [0, 8_432, [0, 5_000, 10_000]],
  [0, 80, [0, 20, 40, 60, 80]],
  [61, 63.2, [61, 62, 63, 64]],
  [0, 0, [0, 0.5]],
  [70, 70, [60, 80]],
] as const) {
  test(`puts round values beside ${least} to ${most}`, () => {
    const scale = scaleOf(least, most);
    assert.ok(scale.from <= least && scale.to >= most);
    assert.ok(scale.ticks.length >= 2 && scale.ticks.length <= 6, String(scale.ticks));
    if (least !== most) assert.deepEqual(scale.ticks, ticks);
  });
}

test('what has no name here is called as Apple does, its words parted', () => {
  assert.equal(nameOf({ name: 'StepCount' }, { StepCount: 'Steps' }), 'Steps');
  assert.equal(nameOf({ name: 'DietaryVitaminB12' }, {}), 'Dietary Vitamin B12');
});
