/** Vaults that rot and copies that are cut off; test/soak plays many more of these rounds. */
import { describe, test } from 'node:test';
import { copyKillRound } from '../support/copy-rounds.ts';
import { damageRound } from '../support/damage-rounds.ts';

describe('a vault that rots', () => {
  for (const seed of [1, 2, 3]) {
    test(`is made whole again from a copy, with exactly what is spoilt named (seed ${seed})`, async () =>
      void (await damageRound(seed)));
  }
});

describe('a copy, and a repair, killed at any moment', () => {
  for (const seed of [1, 2])
    test(`loses nothing and goes on (seed ${seed})`, async () => void (await copyKillRound(seed)));
});
