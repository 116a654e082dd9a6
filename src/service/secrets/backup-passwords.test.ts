import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { forgetPasswords, isPasswordKept, keepPassword, keptPasswords } from './backup-passwords.ts';
import { openSecretStore, type SecretStore } from './secret-store.ts';

let stateDir: string;
let store: SecretStore;
let nowMs = 0;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  store = openSecretStore({ stateDir }, {}, { now: () => new Date((nowMs += 1000)) });
});

afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

test('the password of the keybag comes first, then what no backup was met for yet, each once', () => {
  keepPassword(store, { udid: 'A', keybag: 'b1' }, 'first');
  keepPassword(store, { udid: 'A', keybag: 'b2' }, 'second');
  keepPassword(store, { udid: 'A', keybag: undefined }, 'third');
  keepPassword(store, { udid: 'A', keybag: 'b3' }, 'first');
  keepPassword(store, { udid: 'AA', keybag: 'b1' }, 'of another device');
  assert.deepEqual(keptPasswords(store, { udid: 'A', keybag: 'b2' }), ['second', 'third', 'first']);
  assert.deepEqual(keptPasswords(store, { udid: 'A', keybag: 'new' }), ['third', 'first', 'second']);
  assert.deepEqual(keptPasswords(store, { udid: 'B', keybag: 'b1' }), []);
  assert.deepEqual(keptPasswords(store, {}), []);
  assert.equal(isPasswordKept(store, { udid: 'A', keybag: 'b1' }), true);
  assert.equal(isPasswordKept(store, { udid: 'A', keybag: 'new' }), false);
});

test('forgetting takes all of one device', () => {
  keepPassword(store, { udid: 'A', keybag: 'b1' }, 'first');
  keepPassword(store, { udid: 'A', keybag: undefined }, 'second');
  keepPassword(store, { udid: 'AA', keybag: 'b1' }, 'of another device');
  assert.equal(forgetPasswords(store, 'A'), 2);
  assert.equal(forgetPasswords(store, 'A'), 0);
  assert.deepEqual(store.names(), ['backup-password/AA/b1']);
});
