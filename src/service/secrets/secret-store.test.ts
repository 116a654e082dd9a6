import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { isAppError } from '../../shared/errors.ts';
import { sealSecrets, unsealSecrets } from './sealed-file.ts';
import { openSecretStore, type SecretStore } from './secret-store.ts';

const NAME = 'backup-password/00008110-000A1B2C3D4E5F60/abc';
const SECRET = 'correct horse battery staple';

let stateDir: string;
let store: SecretStore;
const sealedFile = (): string => join(stateDir, 'secrets.sealed');
const keyFile = (): string => join(stateDir, 'secrets.key');

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  store = openSecretStore({ stateDir }, {});
});

afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

describe('openSecretStore', () => {
  test('keeps secrets by name, for every later process', () => {
    assert.equal(store.get(NAME), undefined);
    store.set(NAME, SECRET);
    store.set('copy/disk', 'Grüße 📱');
    store.set(NAME, `${SECRET}!`);
    const again = openSecretStore({ stateDir }, {});
    assert.equal(again.get(NAME), `${SECRET}!`);
    assert.equal(again.get('copy/disk'), 'Grüße 📱');
    assert.deepEqual(again.names(), [NAME, 'copy/disk']);
    assert.equal(again.delete(NAME), true);
    assert.equal(again.delete(NAME), false);
    assert.deepEqual(store.names(), ['copy/disk']);
  });

  test('tells when a secret was set', () => {
    openSecretStore({ stateDir }, {}, { now: () => new Date('2026-11-22T10:00:00Z') }).set(NAME, SECRET);
    assert.equal(store.setAt(NAME)?.toISOString(), '2026-11-22T10:00:00.000Z');
    assert.equal(store.setAt('copy/disk'), undefined);
  });

  test('makes nothing until there is a secret', () => {
    store.names();
    store.delete(NAME);
    assert.deepEqual(readdirSync(stateDir), []);
  });

  test('writes files that only their owner may read, and no secret or name in the clear', () => {
    store.set(NAME, SECRET);
    for (const name of readdirSync(stateDir)) {
      assert.equal(statSync(join(stateDir, name)).mode & 0o077, 0, name);
      const bytes = readFileSync(join(stateDir, name), 'latin1');
      assert.ok(!bytes.includes(SECRET) && !bytes.includes(NAME), name);
    }
  });

  test('does not tell the length of a password by the size of the file', () => {
    store.set(NAME, 'short');
    const sizeBytes = statSync(sealedFile()).size;
    store.set(NAME, SECRET);
    assert.equal(statSync(sealedFile()).size, sizeBytes);
  });

  test('never writes the same bytes twice', () => {
    store.set(NAME, SECRET);
    const first = readFileSync(sealedFile());
    store.set(NAME, SECRET);
    assert.ok(!readFileSync(sealedFile()).equals(first));
  });

  test('takes names that mean something to JavaScript', () => {
    store.set('__proto__', SECRET);
    store.set('constructor', SECRET);
    assert.deepEqual(store.names(), ['__proto__', 'constructor']);
    assert.equal(store.get('toString'), undefined);
  });

  test('sees what another process has added meanwhile', () => {
    const other = openSecretStore({ stateDir }, {});
    store.set('copy/a', '1');
    other.set('copy/b', '2');
    store.set('copy/c', '3');
    assert.deepEqual(other.names(), ['copy/a', 'copy/b', 'copy/c']);
  });

  test('keeps the old secrets when its process is killed before the new ones are in place', () => {
    store.set('copy/disk', 'old');
    const killed = spawnSync(process.execPath, [join(import.meta.dirname, 'killed-writer.test-helper.ts'), stateDir]);
    assert.equal(killed.signal, 'SIGKILL');
    assert.equal(leftovers().length, 1);
    assert.equal(store.get('copy/disk'), 'old');
    store.set('copy/disk', 'new');
    assert.equal(store.get('copy/disk'), 'new');
    assert.deepEqual(leftovers(), []);
  });
});

describe('the key', () => {
  test('is taken from the credential of the service, before a file that is named, before an own one', () => {
    const credentials = { CREDENTIALS_DIRECTORY: join(stateDir) };
    const named = { HOLDFAST_SECRET_KEY_FILE: join(stateDir, 'named') };
    writeFileSync(join(stateDir, 'named'), 'a key in a file of its own');
    openSecretStore({ stateDir }, { ...named, ...credentials }).set(NAME, 'by the named key');
    assert.equal(openSecretStore({ stateDir }, named).get(NAME), 'by the named key');
    rmSync(sealedFile());
    writeFileSync(join(stateDir, 'holdfast-key'), 'the credential that systemd unsealed');
    openSecretStore({ stateDir }, { ...named, ...credentials }).set(NAME, 'by the credential');
    assert.equal(openSecretStore({ stateDir }, credentials).get(NAME), 'by the credential');
    assert.throws(() => openSecretStore({ stateDir }, named).get(NAME), {
      code: 'SECRETS_UNREADABLE',
      message: /sealed with another key/,
    });
    assert.ok(!readdirSync(stateDir).includes('secrets.key'));
  });

  test('may end with a line break', () => {
    const env = { HOLDFAST_SECRET_KEY_FILE: join(stateDir, 'named') };
    writeFileSync(env.HOLDFAST_SECRET_KEY_FILE, '00112233445566778899aabbccddeeff');
    openSecretStore({ stateDir }, env).set(NAME, SECRET);
    writeFileSync(env.HOLDFAST_SECRET_KEY_FILE, '00112233445566778899aabbccddeeff\r\n');
    assert.equal(openSecretStore({ stateDir }, env).get(NAME), SECRET);
  });

  test('that was named and is not there is never replaced by another', () => {
    const env = { HOLDFAST_SECRET_KEY_FILE: join(stateDir, 'nowhere') };
    assert.throws(() => openSecretStore({ stateDir }, env).assertUsable(), { code: 'SECRETS_UNREADABLE' });
    assert.throws(() => openSecretStore({ stateDir }, env).set(NAME, SECRET), { code: 'SECRETS_UNREADABLE' });
    assert.ok(!readdirSync(stateDir).includes('secrets.sealed'));
    store.assertUsable();
  });

  test('must be long enough', () => {
    const env = { HOLDFAST_SECRET_KEY_FILE: join(stateDir, 'named') };
    writeFileSync(env.HOLDFAST_SECRET_KEY_FILE, 'fifteen letters\n');
    assert.throws(() => openSecretStore({ stateDir }, env).set(NAME, SECRET), { message: /15 bytes/ });
  });

  test('of our own is refused when others may read it', { skip: process.platform === 'win32' }, () => {
    store.set(NAME, SECRET);
    chmodSync(keyFile(), 0o640);
    assert.throws(() => store.get(NAME), { code: 'SECRETS_UNREADABLE', hint: /chmod 600/ });
  });

  test('of our own that was lost is told, and not made anew', () => {
    store.set(NAME, SECRET);
    rmSync(keyFile());
    assert.throws(() => store.get(NAME), { code: 'SECRETS_UNREADABLE', message: /key .* is lost/ });
    assert.throws(() => store.set(NAME, SECRET), { code: 'SECRETS_UNREADABLE' });
    assert.ok(!readdirSync(stateDir).includes('secrets.key'));
  });
});

describe('a damaged file', () => {
  test('is told at every byte, never half read, never overwritten', () => {
    store.set(NAME, SECRET);
    const bytes = readFileSync(sealedFile());
    const key = Buffer.from(readFileSync(keyFile(), 'latin1').trim());
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      assert.equal(typeof unsealSecrets(damaged, key), 'string', `byte ${at}`);
    }
    for (let length = 0; length < bytes.length; length += 7) {
      assert.equal(unsealSecrets(bytes.subarray(0, length), key), 'damaged');
    }
    writeFileSync(sealedFile(), bytes.subarray(0, -1));
    assert.throws(() => store.set('copy/disk', 'new'), { code: 'SECRETS_UNREADABLE', message: /damaged/ });
    assert.ok(readFileSync(sealedFile()).equals(bytes.subarray(0, -1)));
  });

  test('puts neither secrets nor keys into the error', () => {
    store.set(NAME, SECRET);
    const key = readFileSync(keyFile(), 'latin1').trim();
    writeFileSync(sealedFile(), readFileSync(sealedFile()).fill(7, 60, 80));
    assert.throws(
      () => store.get(NAME),
      (error) => isAppError(error) && !inspect(error).includes(SECRET) && !inspect(error).includes(key),
    );
  });
});

test('what was sealed comes out again', () => {
  const setAt = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') });
  const kept = fc.record({ secret: fc.string({ unit: 'binary' }), setAt }, { noNullPrototype: true });
  const key = fc.uint8Array({ minLength: 16, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), kept)), key, (entries, keyBytes) => {
      const secrets = new Map(entries);
      assert.deepEqual(unsealSecrets(sealSecrets(secrets, keyBytes), keyBytes), secrets);
    }),
  );
});

/** Drafts of the sealed file. */
function leftovers(): string[] {
  return readdirSync(stateDir).filter((name) => name.startsWith('secrets.sealed.'));
}
