import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { encodeBinaryPlist, type PlistDictionary } from '../../formats/index.ts';
import { ClassKeys, encryptFileContent } from '../../keybag/index.ts';
import { keychainItemOf } from './item.ts';
import { Secret } from './secret.ts';
import { openStoredItem } from './stored-item.ts';

const KEYS = new ClassKeys(new Map([6, 7, 8].map((each) => [each, randomBytes(32)])), new Map([[9, randomBytes(32)]]));
const LOGIN = { acct: 'ada@example.org', srvr: 'example.org', agrp: 'com.apple.cfnetwork', atyp: 'form' };

describe('an item of the keychain', () => {
  test('opens as iOS 4 stored it: the attributes beside, the secret alone in CBC', () => {
    for (const version of [0, 1]) {
      const key = randomBytes(32);
      const stored = Buffer.concat([head(version, 6), wrapped(6, key), encryptFileContent(key, Buffer.from('geheim'))]);
      const { attributes, problem } = openStoredItem(stored, LOGIN, KEYS);
      assert.equal(problem, undefined);
      assert.deepEqual(attributes, { ...LOGIN, v_Data: Buffer.from('geheim') });
    }
  });

  test('opens as iOS 5 to 7 stored it: a property list', () => {
    const attributes = { ...LOGIN, v_Data: Buffer.from('geheim') };
    assert.deepEqual(openStoredItem(sealed(2, 6, encodeBinaryPlist(attributes)), {}, KEYS).attributes, attributes);
  });

  test('opens in a class that carries flags above its number', () => {
    assert.equal(openStoredItem(sealed(2, 6, encodeBinaryPlist(LOGIN), 0x1000), {}, KEYS).problem, undefined);
  });

  test('says why it does not open', () => {
    const good = sealed(2, 6, encodeBinaryPlist(LOGIN));
    const changed = Buffer.from(good);
    changed[changed.length - 20] = (changed.at(-20) ?? 0) ^ 1;
    const otherKey = new ClassKeys(new Map([[6, randomBytes(32)]]));
    for (const [what, stored, keys] of [
      ['damaged', changed, KEYS],
      ['damaged', good, otherKey],
      ['damaged', good.subarray(0, 30), KEYS],
      ['damaged', Buffer.alloc(0), KEYS],
      ['damaged', sealed(3, 6, Buffer.from('neither')), KEYS],
      ['unknown-layout', Buffer.concat([head(4, 6), good]), KEYS],
      ['no-key', sealed(2, 6, Buffer.alloc(1)), new ClassKeys(new Map([[7, randomBytes(32)]]))],
      ['device-bound', good, undefined],
      ['device-bound', Buffer.concat([head(3, 9, 40), randomBytes(80)]), KEYS],
      ['device-bound', Buffer.concat([head(3, 11, 40), randomBytes(80)]), KEYS],
    ] as const) {
      assert.equal(openStoredItem(stored, {}, keys).problem, what);
    }
  });

  test('is named for what it is', () => {
    assert.deepEqual(named('inet', LOGIN), ['web-login', 'example.org']);
    assert.deepEqual(named('inet', { srvr: 'mail.example.org', ptcl: 'imap' }), [
      'internet-password',
      'mail.example.org',
    ]);
    assert.deepEqual(named('inet', { srvr: 'a.example', ptcl: 0x68747073, agrp: 'com.apple.cfnetwork' }), [
      'web-login',
      'a.example',
    ]);
    assert.deepEqual(named('genp', { svce: 'AirPort', acct: 'Zuhause' }), ['wifi', 'Zuhause']);
    assert.deepEqual(named('genp', { svce: Buffer.from('token'), agrp: 'org.example.app' }), ['app-password', 'token']);
    assert.deepEqual(named('keys', { agrp: 'com.apple.webkit.webauthn', labl: 'example.org' }), [
      'passkey',
      'example.org',
    ]);
    assert.deepEqual(named('genp', {}), ['app-password', 'Password']);
  });

  test('shows its secret to nobody who does not ask for it', () => {
    const item = keychainItemOf(
      'inet',
      { protectionClass: 6, attributes: { ...LOGIN, v_Data: Buffer.from('geheim') } },
      undefined,
    );
    assert.equal(item.secret?.text, 'geheim');
    for (const shown of [
      inspect(item, { depth: 9 }),
      JSON.stringify(item),
      String(item.secret),
      `${item.key}${item.title}`,
    ]) {
      assert.doesNotMatch(shown, /geheim|67656865696d|103, ?101/);
    }
    assert.equal(new Secret(Buffer.from([0, 1])).text, undefined);
    assert.equal(new Secret(Buffer.from([0xff])).text, undefined);
    assert.equal(new Secret(Buffer.from('Größe 🔑')).text, 'Größe 🔑');
  });
});

function named(list: 'inet' | 'genp' | 'keys', attributes: PlistDictionary): string[] {
  const { purpose, title } = keychainItemOf(list, { protectionClass: 6, attributes }, undefined);
  return [purpose, title];
}

function sealed(version: number, protectionClass: number, text: Buffer, flags = 0): Buffer {
  const key = randomBytes(32);
  return Buffer.concat([head(version, protectionClass + flags, 40), wrapped(protectionClass, key), seal(key, text)]);
}

const wrapped = (protectionClass: number, key: Buffer): Buffer => KEYS.wrapFileKey(protectionClass, key).subarray(4);

function head(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => bytes.writeUInt32LE(number, i * 4));
  return bytes;
}

const at = (count: number): Buffer => Buffer.concat([Buffer.alloc(15), Buffer.from([count])]);

/** GCM without an IV, by way of an ordinary one over the same cipher text (as sealed.test.ts shows to be right). */
function seal(key: Buffer, text: Buffer): Buffer {
  const encrypt = (input: Buffer): Buffer =>
    createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(input);
  const cipherText = createCipheriv('aes-256-ctr', key, at(1)).update(text);
  const gcm = createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
  gcm.update(createCipheriv('aes-256-ctr', key, at(2)).update(cipherText));
  gcm.final();
  const [tag, ordinary, ours] = [gcm.getAuthTag(), encrypt(at(1)), encrypt(at(0))];
  return Buffer.concat([cipherText, Buffer.from(tag.map((byte, i) => byte ^ (ordinary[i] ?? 0) ^ (ours[i] ?? 0)))]);
}
