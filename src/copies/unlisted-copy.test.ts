import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { CopiesScene, UDID } from './copies.test-helper.ts';
import { openUnlistedCopy } from './unlisted-copy.ts';
import { restoreCopy } from './work.ts';

const [OURS, THEIRS] = ['6f1c9a52-3c1f-4a7c-9d2a-000000000001', '6f1c9a52-3c1f-4a7c-9d2a-000000000002'];

test('of a repository that holds two vaults one is restored, and which has to be said', async () => {
  using scene = new CopiesScene();
  const restored = async (ofVault: string | undefined): Promise<unknown> => {
    const place = {
      kind: 'restic',
      repository: scene.path('r'),
      password: 'x',
      binary: repositoryOf(scene),
      ofVault,
    } as const;
    const { copy, vaultId } = await openUnlistedCopy(scene.context, place);
    assert.equal(vaultId, ofVault);
    const events = await Array.fromAsync(restoreCopy(copy, scene.path(`to-${vaultId}`), vaultId));
    // The script gives nothing back: what was asked for shows.
    const told: unknown[] = [];
    for (const event of events) {
      if (event.kind === 'damaged') told.push(event.snapshot);
      if (event.kind === 'done') told.push(event.ofOthers);
    }
    return told;
  };
  await assert.rejects(restored(undefined), {
    code: 'USAGE',
    hint: new RegExp(`--of-vault .*${OURS}.*2026-11-21.*${THEIRS}`),
  });
  await assert.rejects(restored('neither'), { code: 'USAGE' });
  assert.deepEqual(await restored(OURS), ['ours', 1]);
  assert.deepEqual(await restored(THEIRS), ['theirs', 1]);
});

function repositoryOf(scene: CopiesScene): string {
  const stored = [
    {
      id: 'c0ffee',
      time: '2026-11-21T10:00:00Z',
      tags: ['holdfast', `udid=${UDID}`, 'snapshot=ours', `vault=${OURS}`],
    },
    {
      id: 'c0ffe1',
      time: '2026-11-20T10:00:00Z',
      tags: ['holdfast', `udid=${UDID}`, 'snapshot=theirs', `vault=${THEIRS}`],
    },
  ];
  const script = [
    '#!/bin/sh',
    'case "$*" in',
    '  version) echo "restic 0.18.0 compiled with go" ;;',
    `  *"cat config"*) echo '{"id":"5"}' ;;`,
    `  snapshots*) echo '${JSON.stringify(stored)}' ;;`,
    'esac',
  ];
  const path = scene.path('restic');
  writeFileSync(path, `${script.join('\n')}\n`, { mode: 0o755 });
  return path;
}
