/** Everything an owner does with a vault, in any order, killed now and then. `npm run soak -- walk` plays many rounds. */
import { test } from 'node:test';
import { walkRound } from '../support/walk-rounds.ts';

for (const seed of [1, 2]) {
  test(`no version is lost in a life of a vault, seed ${seed}`, async () => {
    await walkRound(seed);
  });
}
