/**
 * A checkup over a copy that the real restic keeps, of an encrypted phone: proven, damaged there, named, sent again; and
 * with a password that is kept, given, or nobody's.
 */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { CheckupLine } from '../../src/contract/index.ts';
import { holdfast, type CliEvent } from '../support/holdfast-cli.ts';
import { backUpLifelikePhone } from '../support/lifelike-backup.ts';
import { NEW_RESTIC, OLD_RESTIC } from './copy-places.ts';

const PASSWORD = 'correct horse';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-judge-'));
  await writeFile(join(directory, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  const { dir } = await backUpLifelikePhone(directory, { password: PASSWORD });
  await ok('import', dir);
});
after(() => rm(directory, { recursive: true, force: true }));

describe('an encrypted phone', () => {
  test('is not said to be proven where nobody has its password', async () => {
    const lines = linesOf(await ok('checkup'));
    assert.deepEqual(codes(lines, 'versions'), ['unproven version-no-password']);
    assert.deepEqual(codes(lines, 'passwords'), ['unproven passwords-not-kept']);
  });

  test('is proven with a password that is given, and with one that is kept', async () => {
    const given = linesOf(await ok('checkup', '--password-file', join(directory, 'password')));
    assert.deepEqual(codes(given, 'versions'), ['proven version-proven']);
    await ok('encryption', 'check', '--keep', '--password-file', join(directory, 'password'));
    const lines = linesOf(await ok('checkup'));
    assert.deepEqual(codes(lines, 'versions'), ['proven version-proven']);
    assert.deepEqual(codes(lines, 'passwords'), ['proven passwords-open']);
    const more = lines.find(({ topic }) => topic === 'versions')?.more.map(({ code }) => code);
    assert.deepEqual(more, ['version-decrypted', 'version-digests', 'version-databases']);
  });
});

describe('a copy by restic', () => {
  test('is read back; damage in its packs is named, and mended', async () => {
    const repository = await copyTo('new', NEW_RESTIC);
    assert.deepEqual(copyCodes(linesOf(await ok('checkup')), 'new'), ['proven copy-part-read']);
    flipBitInLargestPack(join(repository, 'data'));
    assertDamageNamed(linesOf(await ok('checkup')), 'new');
    const repaired = copyCodes(linesOf(await ok('checkup', '--repair')), 'new');
    assert.ok(repaired.includes('repaired copy-repaired'), repaired.join(', '));
    assert.deepEqual(copyCodes(linesOf(await ok('checkup')), 'new'), ['proven copy-part-read']);
  });

  test('of Debian 12 is found damaged as well; that it cannot mend is said', async () => {
    const repository = await copyTo('old', OLD_RESTIC);
    flipBitInLargestPack(join(repository, 'data'));
    const failed = assertDamageNamed(linesOf(await ok('checkup', '--repair')), 'old');
    assert.ok(failed.more.some(({ values }) => values['error'] === 'PROGRAM_MISSING'));
  });
});

async function copyTo(name: string, binary: string): Promise<string> {
  const repository = join(directory, name);
  const how = ['--restic', repository, '--password-file', join(directory, 'password'), '--restic-binary', binary];
  await ok('copies', 'add', name, ...how, '--read-parts', '1');
  await ok('copies', 'run', name);
  return repository;
}

function assertDamageNamed(lines: readonly CheckupLine[], name: string): CheckupLine {
  const failed = lines.find(({ state, subject }) => state === 'failed' && subject === name);
  assert.equal(failed?.reason.code, 'copy-damaged', JSON.stringify(lines));
  assert.ok(failed.more.some(({ code }) => code === 'copy-program-said' || code === 'copy-differs'));
  return failed;
}

function copyCodes(lines: readonly CheckupLine[], name: string): string[] {
  return codes(
    lines.filter(({ subject }) => subject === name),
    'copies',
  );
}

function flipBitInLargestPack(data: string): void {
  const packs = readdirSync(data, { recursive: true, encoding: 'utf8' })
    .map((each) => join(data, each))
    .filter((path) => statSync(path).isFile())
    .toSorted((a, b) => statSync(b).size - statSync(a).size);
  const [path = ''] = packs;
  const bytes = readFileSync(path);
  bytes[1000] = (bytes[1000] ?? 0) ^ 4;
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}

async function ok(...words: readonly string[]): Promise<readonly CliEvent[]> {
  const env = { HOLDFAST_HOME: join(directory, 'home') };
  const { status, stdout, stderr, events } = await holdfast([...words, '--json'], { env });
  assert.equal(status, 0, `${words.join(' ')}: ${stderr}${stdout}`);
  return events;
}

function linesOf(events: readonly CliEvent[]): CheckupLine[] {
  return events.filter(({ event }) => event === 'line') as unknown as CheckupLine[];
}

function codes(lines: readonly CheckupLine[], topic: string): string[] {
  return lines.filter((each) => each.topic === topic).map(({ state, reason }) => `${state} ${reason.code}`);
}
