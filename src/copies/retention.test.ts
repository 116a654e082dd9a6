import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SnapshotLabels, SnapshotRecord } from '../vault/index.ts';
import { goneByRule, keptByRule, type KnownHere, type Version } from './retention.ts';
import type { KeepThere } from '../contract/index.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const DAY_MS = 86_400_000;
const ADA = '00008110-000A1B2C3D4E5F60';

/** One a day at noon, the newest first. The ids are the days ago. */
const daily = (days: number, udid = ADA): Version[] =>
  Array.from({ length: days }, (_, ago) => ({
    id: `${udid === ADA ? '' : 'b'}${ago}`,
    udid,
    takenAt: new Date(NOW.getTime() - 6 * 3_600_000 - ago * DAY_MS),
  }));

function kept(versions: readonly Version[], rule: KeepThere, known: Partial<KnownHere> = {}): string[] {
  const ids = keptByRule(versions, rule, { records: [], labels: new Map(), now: NOW, ...known });
  return versions.flatMap(({ id }) => (ids.has(id) ? [id] : []));
}

describe('a copy keeps by its rule', () => {
  for (const [what, rule, expected] of [
    ['the last so many', { last: 3 }, ['0', '1', '2']],
    ['one a day', { daily: 2 }, ['0', '1']],
    ['the newest whatever it says', { monthly: 1 }, ['0']],
    ['one of each year, and the last ones', { last: 2, yearly: 2 }, ['0', '1', '326']],
  ] as const) {
    test(what, () => assert.deepEqual(kept(daily(400), rule), expected));
  }

  test('one with a date that cannot be true besides, not instead of the others', () => {
    const wrong = { id: 'wrong', udid: ADA, takenAt: new Date('2099-01-01T00:00:00Z') };
    // It came long enough ago: the alarm that it raised has ended.
    const records = [{ ...recordOf(wrong, 100), finishedAt: new Date(NOW.getTime() - 40 * DAY_MS) }];
    assert.deepEqual(kept([wrong, ...daily(400)], { last: 2, yearly: 2 }, { records }), ['wrong', '0', '1', '326']);
  });

  test('each device by itself', () => {
    const bea = '00008120-000B1B2C3D4E5F61';
    assert.deepEqual(kept([...daily(3), ...daily(3, bea)], { last: 1 }), ['0', 'b0']);
  });

  test('what is pinned or held here, and the newest that is proven', () => {
    const labels = new Map<string, SnapshotLabels>([
      ['20', { pinned: true }],
      ['30', { holdUntil: new Date(NOW.getTime() + DAY_MS) }],
      ['5', { deepVerifiedAt: NOW, deepVerifyProblems: 0 }],
      ['9', { deepVerifiedAt: NOW, deepVerifyProblems: 0 }],
    ]);
    assert.deepEqual(kept(daily(40), { last: 1 }, { labels }), ['0', '5', '20', '30']);
  });

  test('the version before one that lost much', () => {
    const versions = daily(3);
    const records = versions.map((version, at) => recordOf(version, at === 0 ? 100 : 1000));
    assert.deepEqual(kept(versions, { last: 1 }, { records }), ['0', '1']);
  });

  test('what only it has any more by the same rule, and without a false alarm', () => {
    const versions = daily(3);
    const records = [recordOf(versions[0] ?? { id: '', udid: '', takenAt: NOW }, 100)];
    assert.deepEqual(kept(versions, { last: 1 }, { records }), ['0']);
  });

  test('in the end what it would have kept had everything been sent', () => {
    const rule = { daily: 7, weekly: 4, monthly: 12 };
    const all = daily(300);
    const atOnce = kept(all, rule);
    const again = kept(
      all.filter(({ id }) => atOnce.includes(id)),
      rule,
    );
    assert.deepEqual(again, atOnce);
  });
});

describe('what was in a place once', () => {
  const here = daily(4).map((version) => recordOf(version, 100));
  const gone = (...there: string[]): string[] => [...goneByRule(here, new Set(there), new Set(['1', '2', '3']))];

  test('went by its rule where the newest of it is there still', () => {
    assert.deepEqual(gone('1'), ['2', '3']);
    assert.deepEqual(gone('0', '1', '3'), ['2', '3']);
  });

  test('was lost there where the newest of it is not: it is sent again', () => {
    assert.deepEqual(gone(), []);
    assert.deepEqual(gone('2', '3'), []);
  });
});

function recordOf({ id, udid, takenAt }: Version, files: number): SnapshotRecord {
  return {
    id,
    udid,
    takenAt,
    startedAt: takenAt,
    finishedAt: takenAt,
    kind: 'full',
    encrypted: false,
    list: { sha256: id, files, bytes: files },
    newBytes: 0,
    device: { name: 'A phone', productType: '', productVersion: '', buildVersion: '' },
    checks: {},
    warnings: 0,
  };
}
