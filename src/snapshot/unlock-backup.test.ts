import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createKeybag, encodeKeybag } from '../keybag/index.ts';
import type { ManifestFacts } from './facts.ts';
import { knownClassKeys, unlockBackup } from './unlock-backup.ts';

const QUICK = { iterations: 10, doubleIterations: 10 };

async function freshFacts(password: string): Promise<ManifestFacts> {
  return { isEncrypted: true, keybag: (await createKeybag(password, QUICK)).bytes, applications: [] };
}

describe('unlocking a backup', () => {
  test('the second time gives the same keys, without asking or deriving', async () => {
    const facts = await freshFacts('secret');
    assert.equal(await knownClassKeys(facts), undefined);
    const [keys, meanwhile] = await Promise.all([unlockBackup(facts, 'secret'), unlockBackup(facts, 'secret')]);
    assert.equal(meanwhile, keys);
    assert.equal(await unlockBackup(facts, 'secret'), keys);
    assert.equal(await knownClassKeys(facts), keys);
  });

  test('with a wrong password fails although the keys are known, and leaves them known', async () => {
    const facts = await freshFacts('secret');
    await assert.rejects(unlockBackup(facts, 'wrong'), { code: 'WRONG_PASSWORD' });
    assert.equal(await knownClassKeys(facts), undefined);
    const keys = await unlockBackup(facts, 'secret');
    await assert.rejects(unlockBackup(facts, 'wrong'), { code: 'WRONG_PASSWORD' });
    assert.equal(await knownClassKeys(facts), keys);
  });

  test('can be given up by one while another waits on', async () => {
    const facts = await freshFacts('secret');
    const stop = new AbortController();
    const impatient = unlockBackup(facts, 'secret', stop.signal);
    const patient = unlockBackup(facts, 'secret');
    stop.abort(new Error('enough'));
    await assert.rejects(impatient, { message: 'enough' });
    assert.deepEqual((await patient).usableClasses, [1, 2, 3, 4, 6, 7, 8]);
  });

  test('without a keybag, or with half of one, says so or opens what is left', async () => {
    await assert.rejects(unlockBackup({ isEncrypted: true, applications: [] }, 'x'), { message: /no keybag/ });
    const { keybag, bytes } = await createKeybag('secret', QUICK);
    const cut = { isEncrypted: true, applications: [], keybag: bytes.subarray(0, bytes.length - 150) };
    assert.deepEqual((await unlockBackup(cut, 'secret')).usableClasses, [3, 4, 6, 7, 8]);
    const classes = keybag.classes.map((each) => ({ ...each, wrappedKey: Buffer.alloc(39) }));
    const empty = { isEncrypted: true, applications: [], keybag: encodeKeybag({ ...keybag, classes }) };
    await assert.rejects(unlockBackup(empty, 'secret'), { code: 'FORMAT_INVALID', message: /damaged/ });
  });
});
