import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { addFolderCopy, addResticCopy } from './add-copy.ts';
import { changeCopy } from './change-copy.ts';
import { changeCopySecrets } from './change-secrets.ts';
import { CopiesScene } from './copies.test-helper.ts';
import { openCopy } from './open-copy.ts';
import { findEntry } from './registry.ts';
import { removeCopy } from './remove-copy.ts';

const SECRET = 'AWS_SECRET_ACCESS_KEY';
const FIRST = { [SECRET]: 'the first key', AWS_ACCESS_KEY_ID: 'ada' };

test('what opens the repository takes the place of the old', async () => {
  using scene = await sceneWithCopy();
  scene.repository({ password: 'second', key: 'the second key' });
  await scene.change({ password: 'second', credentials: { [SECRET]: 'the second key' } });
  assert.equal(scene.secrets.get('copy/offsite'), 'second');
  assert.deepEqual(scene.credentials(), { ...FIRST, [SECRET]: 'the second key' });
  // One of them alone: what is kept opens it together with that.
  scene.repository({ password: 'third', key: 'the second key' });
  await scene.change({ password: 'third' });
  assert.equal(scene.secrets.get('copy/offsite'), 'third');
});

for (const { what, repository, changed, code } of [
  { what: 'a password that does not open it', repository: {}, changed: { password: 'wrong' }, code: 'WRONG_PASSWORD' },
  {
    what: 'one of ours with a slip of the pen',
    repository: {},
    changed: { password: `${'AAAA-'.repeat(8)}AAAB` },
    code: 'WRONG_PASSWORD',
  },
  {
    what: 'a key that the place refuses',
    repository: {},
    changed: { credentials: { [SECRET]: 'another' } },
    code: 'COPY_FAILED',
  },
  {
    what: 'what opens another repository',
    repository: { id: '6' },
    changed: { password: 'first' },
    code: 'COPY_UNEXPECTED',
  },
  {
    what: 'anything while nobody answers',
    repository: { says: 'dial tcp: connection refused' },
    changed: { password: 'second' },
    code: 'COPY_UNREACHABLE',
  },
]) {
  test(`${what} is refused, and the old stays`, async () => {
    using scene = await sceneWithCopy();
    scene.repository(repository);
    const before = [...scene.secrets];
    const entry = await findEntry(scene.context.stateDir, 'offsite');
    await assert.rejects(scene.change(changed), { code });
    assert.deepEqual([...scene.secrets], before);
    assert.deepEqual(await findEntry(scene.context.stateDir, 'offsite'), entry);
  });
}

test('a password that was lost is given again', async () => {
  using scene = await sceneWithCopy();
  scene.secrets.delete('copy/offsite');
  const open = async (): Promise<unknown> =>
    openCopy(scene.context, await findEntry(scene.context.stateDir, 'offsite'));
  await assert.rejects(open, { code: 'WRONG_PASSWORD', hint: /copies change offsite/ });
  await assert.rejects(scene.change({ credentials: FIRST }), { code: 'WRONG_PASSWORD' });
  await scene.change({ password: 'first' });
  await open();
});

test('what somebody else changes or removes while it is proven stays so', async () => {
  using scene = await sceneWithCopy();
  const { context } = scene;
  scene.repository({ password: 'second', slow: true });
  const changing = scene.change({ password: 'second' });
  await scene.atTheProof(() => changeCopy(context, 'offsite', { everyHours: 48 }));
  await changing;
  assert.equal((await findEntry(context.stateDir, 'offsite')).everyHours, 48);
  const again = assert.rejects(scene.change({ password: 'second' }), { code: 'COPY_NOT_FOUND' });
  await scene.atTheProof(() => removeCopy(context, 'offsite'));
  await again;
  assert.deepEqual([...scene.secrets], []);
});

test('credentials that a removal left, which was cut off, go to no other copy of that name', async () => {
  using scene = await sceneWithCopy();
  const before = new Map(scene.secrets);
  await removeCopy(scene.context, 'offsite');
  for (const [name, secret] of before) scene.secrets.set(name, secret);
  scene.repository({ key: '' });
  await scene.add();
  assert.deepEqual([...scene.secrets.keys()], ['copy/offsite']);
});

test('a copy in a folder has neither', async () => {
  using scene = new CopiesScene();
  await using vault = await scene.openVault();
  await addFolderCopy(scene.context, vault, { name: 'disk', everyHours: 24, dir: scene.path('disk') });
  await assert.rejects(changeCopySecrets(scene.context, 'disk', { password: 'x' }), { code: 'USAGE' });
  await assert.rejects(changeCopySecrets(scene.context, 'other', { password: 'x' }), { code: 'COPY_NOT_FOUND' });
});

interface FakeRepository {
  readonly password?: string;
  readonly key?: string;
  readonly id?: string;
  /** Instead of an answer. */
  readonly says?: string;
  /** Whether it waits for a file “go on” before it answers. */
  readonly slow?: boolean;
}

const refusal = (said: string, status: number): string => `{ echo "${said}" >&2; exit ${status}; }`;

/** A copy in a repository that a script plays. */
class RepositoryScene extends CopiesScene {
  readonly binary = this.path('restic');

  /** What opens it from now on. */
  repository({ password = 'first', key = 'the first key', id = '5', says, slow }: FakeRepository): void {
    const script = [
      '#!/bin/sh',
      'if [ "$1" = version ]; then echo "restic 0.18.0 compiled with go"; exit 0; fi',
      'read -r password',
      ...(slow === true
        ? [`touch "${this.path('waiting')}"`, `until rm "${this.path('go on')}"; do sleep 0.01; done`]
        : []),
      ...(says === undefined ? [] : [refusal(says, 1)]),
      `[ "$${SECRET}" = "${key}" ] || ${refusal('client.GetObject: SignatureDoesNotMatch', 1)}`,
      `[ "$password" = "${password}" ] || ${refusal('Fatal: wrong password or no key found', 12)}`,
      `echo '{"version":2,"id":"${id.repeat(64)}","chunker_polynomial":"25b468838dcb75"}'`,
    ];
    writeFileSync(this.binary, `${script.join('\n')}\n`, { mode: 0o755 });
  }

  async add(credentials?: Readonly<Record<string, string>>): Promise<void> {
    await using vault = await this.openVault();
    await addResticCopy(this.context, vault, {
      name: 'offsite',
      everyHours: 24,
      repository: 's3:s3.example.org/bucket',
      password: 'first',
      credentials,
      readParts: 12,
      binary: this.binary,
    });
  }

  change(changed: Parameters<typeof changeCopySecrets>[2]): Promise<void> {
    return changeCopySecrets(this.context, 'offsite', changed);
  }

  /** Does something while a repository that is slow has not answered yet. */
  async atTheProof(work: () => Promise<void>): Promise<void> {
    while (!existsSync(this.path('waiting'))) await setTimeout(5);
    rmSync(this.path('waiting'));
    await work();
    writeFileSync(this.path('go on'), '');
  }

  credentials(): unknown {
    return JSON.parse(this.secrets.get('copy/offsite/credentials') ?? '{}');
  }
}

async function sceneWithCopy(): Promise<RepositoryScene> {
  const scene = new RepositoryScene();
  mkdirSync(scene.context.stateDir, { recursive: true });
  scene.repository({});
  await scene.add(FIRST);
  const listed = readFileSync(scene.path('state/copies.json'), 'utf8');
  assert.ok(!listed.includes('first'));
  return scene;
}
