import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { because } from '../../contract/index.ts';
import { CheckupScene, makeReport } from '../checkup.test-helper.ts';
import { checkupsOf } from './report-folder.ts';
import { verifyChain } from './verify-chain.ts';
import { writeReport, type WrittenReport } from './write-report.ts';

const render = async () => ({ html: '<p>', pdf: Buffer.from('%PDF') });

describe('reports', () => {
  test('are numbered, and each names the hash of the one before it', async () => {
    using scene = new CheckupScene();
    const [first, second] = await written(scene, 2);
    assert.equal(first?.report.id, '0001-2026-12-01');
    assert.equal(first.report.previous, null);
    assert.deepEqual(second?.report.previous, { id: first.report.id, sha256: first.sha256 });
    const bytes = readFileSync(join(second.dir, 'report.json'));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), second.sha256);
    assert.deepEqual(
      (await checkupsOf(scene.stateDir)).map(({ number, sha256 }) => [number, sha256]),
      [
        [2, second.sha256],
        [1, first.sha256],
      ],
    );
    assert.deepEqual((await verifyChain(scene.stateDir)).problems, []);
  });

  for (const { title, harm, expected } of [
    {
      title: 'one that was changed',
      harm: ({ dir }: WrittenReport) => edit(join(dir, 'report.json'), 'at-risk', 'safe'),
      expected: ['report-changed 0002-2026-12-01'],
    },
    {
      title: 'one that was changed with its sums',
      harm: ({ dir, sha256 }: WrittenReport) => {
        edit(join(dir, 'report.json'), 'at-risk', 'safe');
        const bytes = readFileSync(join(dir, 'report.json'));
        edit(join(dir, 'SHA256SUMS'), sha256, createHash('sha256').update(bytes).digest('hex'));
      },
      expected: ['report-changed 0002-2026-12-01'],
    },
    {
      title: 'a page of one that was changed',
      harm: ({ dir }: WrittenReport) => writeFileSync(join(dir, 'report.html'), '<p>All is well'),
      expected: ['report-changed 0002-2026-12-01'],
    },
    {
      title: 'one that is gone',
      harm: ({ dir }: WrittenReport) => rmSync(dir, { recursive: true }),
      expected: ['report-missing 0002-2026-12-01'],
    },
    {
      title: 'one that is gone, and its note',
      harm: ({ dir, sha256, report }: WrittenReport) => {
        rmSync(dir, { recursive: true });
        edit(join(dir, '..', 'chain.jsonl'), `${JSON.stringify({ id: report.id, sha256 })}\n`, '');
      },
      expected: ['report-missing 0002', 'report-out-of-chain 0003-2026-12-01'],
    },
  ]) {
    test(`tell of ${title}`, async () => {
      using scene = new CheckupScene();
      const [, second] = await written(scene, 3);
      assert.ok(second);
      harm(second);
      const { problems } = await verifyChain(scene.stateDir);
      assert.deepEqual(
        problems.map(({ code, values }) => `${code} ${values['report']}`),
        expected,
      );
    });
  }

  test('raise no alarm where a power cut took the note of the last one, or tore it', async () => {
    for (const left of ['', '{"id":"0002-2026-']) {
      using scene = new CheckupScene();
      const [, second] = await written(scene, 2);
      assert.ok(second);
      const note = `${JSON.stringify({ id: second.report.id, sha256: second.sha256 })}\n`;
      edit(join(second.dir, '..', 'chain.jsonl'), note, left);
      const [third] = await written(scene, 1);
      assert.deepEqual(third?.report.previous, { id: second.report.id, sha256: second.sha256 });
      assert.deepEqual((await verifyChain(scene.stateDir)).problems, []);
    }
  });

  test('that were changed do not become the truth by the next one', async () => {
    using scene = new CheckupScene();
    const [first] = await written(scene, 1);
    assert.ok(first);
    edit(join(first.dir, 'report.json'), 'at-risk', 'safe');
    const [second] = await written(scene, 1);
    assert.equal(second?.report.previous?.sha256, first.sha256);
    assert.equal((await verifyChain(scene.stateDir)).problems.length, 1);
  });

  test('never share a number, also where the last one is gone', async () => {
    using scene = new CheckupScene();
    const [, second] = await written(scene, 2);
    rmSync(second?.dir ?? '', { recursive: true });
    const [third] = await written(scene, 1);
    assert.equal(third?.report.number, 3);
  });

  test('that cannot be kept are an error a person understands, and leave nothing behind', async () => {
    using scene = new CheckupScene();
    mkdirSync(scene.stateDir, { recursive: true });
    writeFileSync(join(scene.stateDir, 'checkups'), 'in the way');
    await assert.rejects(written(scene, 1), { code: 'STORAGE_FAILED' });
    assert.deepEqual(await checkupsOf(scene.stateDir), []);
  });

  test('that nobody may read are not taken for none', async () => {
    using scene = new CheckupScene();
    assert.deepEqual((await verifyChain(scene.stateDir)).problems, []);
    await written(scene, 1);
    const chain = join(scene.stateDir, 'checkups', 'chain.jsonl');
    rmSync(chain);
    mkdirSync(chain);
    assert.deepEqual((await verifyChain(scene.stateDir)).problems, [because('reports-unreadable', { path: chain })]);
    rmSync(join(scene.stateDir, 'checkups'), { recursive: true });
    writeFileSync(join(scene.stateDir, 'checkups'), 'in the way');
    const { problems } = await verifyChain(scene.stateDir);
    assert.deepEqual(problems, [because('reports-unreadable', { path: join(scene.stateDir, 'checkups') })]);
  });
});

async function written(scene: CheckupScene, count: number): Promise<WrittenReport[]> {
  const all: WrittenReport[] = [];
  while (all.length < count) {
    all.push(await writeReport(scene.stateDir, makeReport({ verdict: 'at-risk' }), render));
  }
  return all;
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(from));
  writeFileSync(path, text.replace(from, to));
}
