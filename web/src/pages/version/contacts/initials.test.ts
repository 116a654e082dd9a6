import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialsOf } from './initials.ts';

for (const [name, initials] of [
  ['Íñigo Peñarrubia Muñoz', 'ÍM'],
  ['Liselotte von der Aue', 'LA'],
  ['Anna', 'A'],
  ['山田 太郎', '山太'],
  ['+49 7531 555020', ''],
  ['', ''],
  ['𝒜da (Büro)', '𝒜'],
] as const) {
  test(`shortens “${name}” to “${initials}”`, () => {
    assert.equal(initialsOf(name), initials);
  });
}
