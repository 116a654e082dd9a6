import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HOSTILE_ACTS } from '../../src/virtual-iphone/index.ts';
import { HostileScene } from '../support/hostile-rounds.ts';
import { randomFrom } from '../support/random.ts';

/** Points of a backup at which a phone has sent something already. */
const LATER_POINTS = ['uploading', 'upload', 'manifest', 'moving', 'removing', 'finished', 'verify', 'response'];
const LATER_ATTACKS = 24;

describe('a phone that means harm touches nothing outside its draft, and its backup ends with a clear error', () => {
  const groups = Map.groupBy(HOSTILE_ACTS, (act) => /^[a-z-]+(?=:)/.exec(act)?.[0] ?? 'nonsense');
  for (const [operation, acts] of groups) {
    test(`with ${operation}: ${acts.length} ways`, async () => {
      await using hostile = await HostileScene.start({ seed: 1 });
      for (const act of acts) {
        const code = await hostile.attack({ act, point: 'scan' });
        // A path that leaves the backup is never overlooked, whatever else the phone does.
        if (operation !== 'nonsense') assert.equal(code, 'PROTOCOL_VIOLATION', act);
      }
      await hostile.recover();
    });
  }

  test('in the middle of a backup as well', async (t) => {
    const random = randomFrom(7);
    await using hostile = await HostileScene.start({ seed: 7 });
    for (let i = 0; i < LATER_ATTACKS; i++) {
      hostile.scene.use();
      const attack = { act: random.pick(HOSTILE_ACTS), point: random.pick(LATER_POINTS) };
      const code = await hostile.attack(attack);
      t.diagnostic(`${attack.act} at ${attack.point}: ${code ?? 'finished'}`);
      if (random.onceIn(4)) await hostile.recover();
    }
    await hostile.recover();
  });
});

test('a phone that claims success without having sent anything is not believed', async () => {
  await using hostile = await HostileScene.start({ seed: 3 });
  for (const point of ['passcode', 'scan', 'uploading', 'moving', 'removing']) {
    hostile.scene.use();
    assert.equal(await hostile.attack({ act: 'success-from-nowhere', point }), 'BACKUP_UNFINISHED', point);
  }
  await hostile.recover();
});
