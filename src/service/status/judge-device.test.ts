import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { because, DeviceStatus, say } from '../../contract/index.ts';
import type { CopyFacts, DeviceFactsForStatus, StatusInput } from './facts.ts';
import { judgeDevice } from './judge-device.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

const DEVICE: DeviceFactsForStatus = {
  udid: '00008110-000A1B2C3D4E5F60',
  name: 'Anna’s iPhone',
  model: 'iPhone 16 Pro',
  verdict: 'safe',
  reasons: [because('backed-up', { at: daysAgo(0.1).toISOString() })],
  lastSeenAt: daysAgo(0.1),
  versions: 40,
  newestAt: daysAgo(0.1),
  isNewestDamaged: false,
  provenAt: daysAgo(20),
  firstFinishedAt: daysAgo(300),
  cloud: { isEnabled: true, lastAt: daysAgo(1) },
};
const VAULT = { kind: 'disk', name: 'Samsung SSD 870', identity: '/dev/sda' } as const;

function copy(facts: Partial<CopyFacts> = {}): CopyFacts {
  return {
    name: 'offsite',
    medium: { kind: 'cloud', name: 'Backblaze B2', identity: 'cloud Backblaze B2' },
    offSite: true,
    everyHours: 24,
    addedAt: daysAgo(200),
    newestAt: daysAgo(0.1),
    lastDoneAt: daysAgo(0.5),
    provenAt: daysAgo(21),
    ...facts,
  };
}
const disk = (facts: Partial<CopyFacts> = {}): CopyFacts =>
  copy({
    name: 'usb-disk',
    medium: { kind: 'removable', name: 'T7', identity: '/dev/sdb' },
    offSite: false,
    ...facts,
  });

function judge({
  device = {},
  copies = [disk(), copy()],
}: {
  device?: Partial<DeviceFactsForStatus>;
  copies?: CopyFacts[];
}): DeviceStatus {
  return judgeDevice({ device: { ...DEVICE, ...device }, vault: VAULT, copies, now: NOW });
}
const codes = (status: DeviceStatus): string[] => status.reasons.map(({ code }) => code);

describe('a device', () => {
  test('with copies on other disks, one elsewhere, all of them proven, is safe', () => {
    const status = judge({});
    assert.equal(status.verdict, 'safe');
    assert.deepEqual(codes(status), ['backed-up', 'kept-well']);
    assert.deepEqual([status.copies, status.media, status.offSite, status.steps], [4, 4, 1, []]);
    assert.deepEqual(
      status.places.map(({ kind, name, counts, verdict }) => [kind, name, counts, verdict]),
      [
        ['phone', undefined, true, 'safe'],
        ['vault', undefined, true, 'safe'],
        ['copy', 'usb-disk', true, 'safe'],
        ['copy', 'offsite', true, 'safe'],
        ['icloud', undefined, false, 'unknown'],
      ],
    );
  });

  test('is safe with one copy elsewhere: the device, the vault and that copy are three', () => {
    assert.deepEqual([judge({ copies: [copy()] }).verdict, judge({ copies: [copy()] }).copies], ['safe', 3]);
  });

  for (const [what, given, code, step] of [
    ['only in the vault', { copies: [] }, 'kept-here-only', 'do-add-copy-elsewhere'],
    ['in one building', { copies: [disk()] }, 'kept-in-one-building', 'do-add-copy-elsewhere'],
    ['on one disk', { copies: [disk({ medium: VAULT })] }, 'kept-on-one-disk', 'do-add-other-disk'],
    [
      'with a copy that is said to be elsewhere and is not',
      { copies: [copy({ medium: VAULT })] },
      'kept-on-one-disk',
      'do-add-other-disk',
    ],
    [
      'with a copy that was never filled',
      { copies: [copy({ lastDoneAt: undefined, newestAt: undefined })] },
      'copy-never-filled',
      'do-run-copy',
    ],
    [
      'with a copy that lacks it',
      { copies: [disk(), copy(), copy({ name: 'new', newestAt: undefined })] },
      'copy-lacks-device',
      'do-run-copy',
    ],
    [
      'with a copy that is behind',
      { copies: [copy({ lastDoneAt: daysAgo(9), newestAt: daysAgo(9) })] },
      'copy-old',
      'do-run-copy',
    ],
    [
      'with a copy that is damaged',
      { copies: [disk(), copy({ damagedAt: daysAgo(3) })] },
      'copy-known-damaged',
      'do-repair-copy',
    ],
    [
      'with a copy that nobody read back',
      { copies: [copy({ provenAt: undefined })] },
      'copy-proof-missing',
      'do-prove-copy',
    ],
    [
      'with a copy that was read back long ago',
      { copies: [copy({ provenAt: daysAgo(50) })] },
      'copy-proof-old',
      'do-prove-copy',
    ],
    [
      'with one place that two copies are set up for',
      { copies: [copy(), copy({ name: 'again', sameAs: 'offsite' })] },
      'copy-twice',
      'do-forget-copy',
    ],
    ['that was never proven', { device: { provenAt: undefined } }, 'proof-missing', 'do-prove'],
    ['that was proven long ago', { device: { provenAt: daysAgo(46) } }, 'proof-old', 'do-prove'],
  ] as const) {
    test(`${what} needs attention, and it is said what to do`, () => {
      const { copies, device } = { copies: undefined, device: undefined, ...given };
      const status = judge({ ...(copies && { copies: [...copies] }), ...(device && { device }) });
      assert.equal(status.verdict, 'attention');
      assert.ok(codes(status).includes(code), codes(status).join(' '));
      assert.ok(
        status.steps.some((each) => each.code === step),
        JSON.stringify(status.steps),
      );
    });
  }

  test('whose only copy is set up twice has that copy once', () => {
    const { copies, media, offSite } = judge({ copies: [copy(), copy({ name: 'again', sameAs: 'offsite' })] });
    assert.deepEqual({ copies, media, offSite }, { copies: 3, media: 3, offSite: 1 });
  });

  test('with a copy that this computer itself answers for has no other medium, and is told why', () => {
    const medium = { kind: 'unknown', name: 'localhost' } as const;
    const unknown = copy({ name: 'minio', medium, offSite: false });
    const status = judge({ copies: [unknown] });
    assert.deepEqual([status.copies, status.media, status.offSite], [3, 2, 0]);
    assert.ok(codes(status).includes('copy-place-unknown'), codes(status).join(' '));
    assert.ok(status.steps.some(({ code }) => code === 'do-say-where-copy-lies'));
    // Where there are enough without it, it is only said of the place.
    const enough = judge({ copies: [copy(), unknown] });
    assert.deepEqual([enough.verdict, enough.media, enough.steps], ['safe', 3, []]);
    assert.deepEqual(
      enough.places[3]?.reasons.map(({ code }) => code),
      ['copy-place-unknown'],
    );
  });

  test('whose copies nobody knows of is not said to have none', () => {
    const copiesProblem = {
      reason: because('copies-list-unreadable', {}),
      step: because('do-mend-copies-list', { path: '/state/copies.json' }),
    };
    const status = judgeDevice({ device: DEVICE, vault: VAULT, copies: [], copiesProblem, now: NOW });
    assert.deepEqual([status.verdict, codes(status)], ['attention', ['backed-up', 'copies-list-unreadable']]);
    assert.deepEqual(status.steps, [copiesProblem.step]);
  });

  test('whose disk is in the cupboard is told to connect it, once that is late', () => {
    const stopped = { at: daysAgo(1), error: 'COPY_UNREACHABLE' };
    const late = judge({ copies: [copy(), disk({ stopped, lastDoneAt: daysAgo(8), newestAt: daysAgo(8) })] });
    assert.ok(late.steps.some(({ code }) => code === 'do-connect-copy'));
    assert.equal(judge({ copies: [copy(), disk({ stopped, lastDoneAt: daysAgo(1.5) })] }).verdict, 'safe');
  });

  test('whose copy is not through when its hours are over is told so, once that is late', () => {
    const isPaused = true;
    const late = judge({ copies: [copy({ isPaused, lastDoneAt: daysAgo(8), newestAt: daysAgo(8) })] });
    assert.deepEqual(
      late.steps.map(({ code }) => code),
      ['do-give-copy-time'],
    );
    assert.equal(judge({ copies: [copy({ isPaused, lastDoneAt: daysAgo(1.5) })] }).verdict, 'safe');
  });

  test('whose copy has the newest version there is, is not late however long ago that came', () => {
    const newestAt = daysAgo(30);
    const status = judge({ device: { newestAt }, copies: [copy({ newestAt, lastDoneAt: daysAgo(30) })] });
    assert.equal(status.verdict, 'safe');
  });

  test('that is at risk stays so, whatever its copies are worth', () => {
    const reasons = [because('overdue', { days: 9 })];
    const status = judge({ device: { verdict: 'at-risk', reasons } });
    assert.deepEqual([status.verdict, codes(status)[0]], ['at-risk', 'overdue']);
  });

  test('whose newest version is damaged does not count what lies in the vault', () => {
    const status = judge({ device: { isNewestDamaged: true, verdict: 'at-risk' } });
    assert.deepEqual([status.copies, status.places[1]?.verdict], [3, 'at-risk']);
  });

  test('without a version is what the rules say, and of its copies nothing is said', () => {
    const reasons = [because('never-backed-up', {})];
    const status = judge({
      device: {
        verdict: 'attention',
        reasons,
        versions: 0,
        newestAt: undefined,
        provenAt: undefined,
        firstFinishedAt: undefined,
      },
      copies: [],
    });
    assert.deepEqual([status.verdict, codes(status)], ['attention', ['never-backed-up']]);
  });

  test('that nobody has seen for long is no copy', () => {
    const status = judge({ device: { lastSeenAt: daysAgo(40) }, copies: [copy()] });
    assert.equal(status.copies, 2);
    assert.equal(status.verdict, 'attention');
  });

  for (const [cloud, code] of [
    [undefined, 'cloud-not-told'],
    [{ isEnabled: false }, 'cloud-off'],
    [{ isEnabled: true }, 'cloud-never'],
    [{ lastAt: daysAgo(1) }, 'cloud-from'],
    [{ isEnabled: true, lastAt: daysAgo(90) }, 'cloud-old'],
  ] as const) {
    test(`tells of Apple’s backup what it told: ${code}`, () => {
      const status = judge({ device: { cloud } });
      assert.equal(status.places.at(-1)?.reasons[0]?.code, code);
      assert.equal(status.verdict, 'safe');
    });
  }
});

describe('whatever is known', () => {
  const maybeDate = fc.option(fc.double({ min: 0, max: 400, noNaN: true }).map(daysAgo), { nil: undefined });
  const copies = fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      medium: fc.constantFrom(VAULT, disk().medium, copy().medium, { kind: 'unknown' as const }),
      offSite: fc.boolean(),
      everyHours: fc.constantFrom(1, 24, 168),
      addedAt: fc.constantFrom(daysAgo(1), daysAgo(300)),
      newestAt: maybeDate,
      lastDoneAt: maybeDate,
      provenAt: maybeDate,
      damagedAt: maybeDate,
      stopped: fc.option(fc.record({ at: fc.constant(daysAgo(1)), error: fc.constant('COPY_FAILED') }), {
        nil: undefined,
      }),
    }),
    { maxLength: 3 },
  );
  const device = fc.record({
    lastSeenAt: maybeDate,
    newestAt: maybeDate,
    provenAt: maybeDate,
    isNewestDamaged: fc.boolean(),
  });

  test('safe is said only of three copies on two media with one elsewhere, and every word of it can be said', () => {
    fc.assert(
      fc.property(device, copies, (known, several) => {
        const input: StatusInput = { device: { ...DEVICE, ...known }, vault: VAULT, copies: several, now: NOW };
        const status = judgeDevice(input);
        DeviceStatus.parse(status);
        if (status.verdict === 'safe') {
          assert.ok(status.copies >= 3 && status.media >= 2 && status.offSite >= 1, JSON.stringify(status));
          assert.deepEqual(status.steps, []);
        } else assert.ok(status.steps.length > 0 || status.reasons.length > 0);
        for (const reason of [...status.reasons, ...status.steps, ...status.places.flatMap(({ reasons }) => reasons)]) {
          assert.doesNotMatch(say(reason, 'en', NOW, 'UTC'), /undefined|NaN|Invalid|\dT\d/);
        }
      }),
    );
  });
});
