import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isAppError, type AppError } from '../shared/errors.ts';
import { isVaultExpected, listKnownVault, openKnownVault, wasNeverMade } from './known-vaults.ts';

let directory = '';
let dir = '';
let stateDir = '';
let list = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  dir = join(directory, 'disk', 'vault');
  stateDir = join(directory, 'state');
  list = join(stateDir, 'known-vaults.json');
});

afterEach(() => rm(directory, { recursive: true }));

/** Opens the vault as a backup does, closes it, and returns its id. */
async function use(place = dir, create = true): Promise<string> {
  await using vault = await openKnownVault({ dir: place, stateDir, purpose: 'a test', create, lock: 'write' });
  return vault.id;
}

test('a new place gets a vault, which is found again and known from then on', async () => {
  assert.equal(await isVaultExpected(dir, stateDir), false);
  const id = await use();
  assert.equal(await use(), id);
  assert.equal(await use(dir, false), id);
  assert.equal(await isVaultExpected(dir, stateDir), true);
  assert.deepEqual(JSON.parse(await readFile(list, 'utf8')), { [dir]: id });
});

test('the empty mount point of an unplugged disk is refused and left empty', async () => {
  await use();
  await rename(dir, `${dir}.elsewhere`);
  await mkdir(dir);
  for (const create of [true, false]) {
    await assert.rejects(use(dir, create), (error: unknown) => {
      return isAppError(error, 'VAULT_NOT_FOUND') && /was in .* is not there/.test(error.message);
    });
  }
  assert.deepEqual(await readdir(dir), []);
});

test('a mount point that went away with its disk is refused and not made', async () => {
  await use();
  await rm(join(directory, 'disk'), { recursive: true });
  await assert.rejects(use(), (error: unknown) => isAppError(error, 'VAULT_NOT_FOUND'));
  assert.deepEqual(await readdir(directory), ['state']);
});

test('another vault at the place is refused, and what to do is said', async () => {
  const first = await use();
  await rm(dir, { recursive: true });
  const elsewhere = join(directory, 'other');
  const other = await use(elsewhere);
  await rename(elsewhere, dir);
  await assert.rejects(use(), (error: unknown) => {
    assert.ok(isAppError(error, 'VAULT_NOT_FOUND'));
    assert.match(error.message, /another vault/);
    assert.ok(error.hint?.includes(list));
    assert.deepEqual(error.details, { dir, expectedId: first, foundId: other });
    return true;
  });
});

test('what a look has found stays told, whatever is made after it', async () => {
  const look = (): Promise<AppError> =>
    listKnownVault({ dir, stateDir }).then(
      () => assert.fail('there is no vault'),
      (error: unknown) => (isAppError(error) ? error : assert.fail(String(error))),
    );
  const before = await look();
  await use();
  assert.equal(wasNeverMade(before), true);
  await rename(dir, `${dir}.elsewhere`);
  assert.equal(wasNeverMade(await look()), false);
});

for (const [what, bytes] of [
  ['garbage', Buffer.alloc(300, 0xa5)],
  ['empty', Buffer.alloc(0)],
  ['without its id', Buffer.from('{"format":"holdfast-vault","version":1}')],
] as const) {
  test(`a mark that is ${what} is written anew where the vault is known`, async () => {
    const id = await use();
    for (const name of ['snapshots', 'lists', 'segments']) await mkdir(join(dir, name), { recursive: true });
    await writeFile(join(dir, 'holdfast.json'), bytes);
    assert.equal(await use(dir, false), id);
    assert.equal((await listKnownVault({ dir, stateDir })).id, id);
    assert.deepEqual(await readFile(join(dir, 'holdfast.json.damaged')), bytes);
  });
}

test('a damaged mark stays as it is where the vault is not known, or nothing of one is beside it', async () => {
  await use();
  await writeFile(join(dir, 'holdfast.json'), 'rotten');
  await assert.rejects(use(), { code: 'VAULT_UNREADABLE' });
  for (const name of ['snapshots', 'lists', 'objects']) await mkdir(join(dir, name), { recursive: true });
  await rm(list);
  await assert.rejects(use(), { code: 'VAULT_UNREADABLE' });
  assert.equal(await readFile(join(dir, 'holdfast.json'), 'utf8'), 'rotten');
});

test('a mark of a newer version is not taken for a damaged one', async () => {
  const id = await use();
  for (const name of ['snapshots', 'lists', 'objects']) await mkdir(join(dir, name), { recursive: true });
  const newer = JSON.stringify({ format: 'holdfast-vault', version: 4, id, createdAt: new Date().toISOString() });
  await writeFile(join(dir, 'holdfast.json'), newer);
  await assert.rejects(use(), { code: 'VAULT_UNREADABLE', message: /newer version/ });
  assert.equal(await readFile(join(dir, 'holdfast.json'), 'utf8'), newer);
});

test('a copy of the vault in another place is a vault too', async () => {
  const id = await use();
  const copy = join(directory, 'copy');
  await rename(dir, copy);
  assert.equal(await use(copy, false), id);
  assert.equal(await isVaultExpected(dir, stateDir), true);
});

test('where there was never a vault, looking makes none and says how one comes about', async () => {
  await assert.rejects(use(dir, false), (error: unknown) => {
    return isAppError(error, 'VAULT_NOT_FOUND') && /first `holdfast backup` makes it/.test(error.hint ?? '');
  });
  assert.deepEqual(await readdir(directory), []);
});

test('without a list that can be read, no vault is made', async () => {
  await mkdir(stateDir);
  for (const content of ['', '{"/a": ', '[]', '{"/a": 5}', 'null', '"text"']) {
    await writeFile(list, content);
    await assert.rejects(use(), (error: unknown) => {
      return isAppError(error, 'STORAGE_FAILED') && error.message.includes(list) && error.hint !== undefined;
    });
  }
  assert.deepEqual(await readdir(directory), ['state']);
});

test('the list is readable by its owner alone, and nothing lies beside it', async () => {
  const before = process.umask(0);
  try {
    await use();
  } finally {
    process.umask(before);
  }
  assert.equal((await stat(list)).mode & 0o777, 0o600);
  assert.equal((await stat(stateDir)).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(stateDir), ['known-vaults.json']);
});

test('a link in the place of the list is replaced, not written through', async () => {
  const victim = join(directory, 'victim');
  await mkdir(stateDir);
  await writeFile(victim, '{}');
  await symlink(victim, list);
  await use();
  assert.equal(await readFile(victim, 'utf8'), '{}');
  assert.ok((await lstat(list)).isFile());
});

test('a vault that cannot be remembered is not used', async () => {
  await writeFile(stateDir, 'a file in the way');
  await assert.rejects(use(), (error: unknown) => isAppError(error, 'STORAGE_FAILED'));
});

test('names that mean something to JavaScript are only names', async () => {
  await mkdir(stateDir);
  await writeFile(list, '{"__proto__": "x", "constructor": "y"}');
  const id = await use();
  assert.equal(await use(), id);
});
