import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { RestorePhase } from './events.ts';
import { RestoreMeter } from './progress.ts';

const PHASES: readonly RestorePhase[] = [
  'connecting',
  'waiting-for-passcode',
  'preparing',
  'sending',
  'applying',
  'finishing',
];

describe('RestoreMeter', () => {
  test('never goes backwards and is never complete, whatever the device asks for', () => {
    const step = fc.oneof(
      fc.record({ enter: fc.constantFrom(...PHASES) }),
      fc.record({ files: fc.nat(1e5), bytes: fc.nat(1e9) }),
    );
    fc.assert(
      fc.property(fc.array(step), fc.nat(1e5), fc.nat(1e9), (steps, files, bytes) => {
        const meter = new RestoreMeter({ files, bytes });
        let [fraction, nowMs, filesSent, bytesSent] = [0, 0, 0, 0];
        for (const each of steps) {
          nowMs += 100;
          if ('enter' in each) meter.enter(each.enter, nowMs);
          else {
            filesSent += each.files;
            bytesSent += each.bytes;
            meter.update({ filesSent, bytesSent }, nowMs);
          }
          const report = meter.report(nowMs);
          assert.ok(report.fraction >= fraction && report.fraction < 1);
          assert.ok(report.files <= report.totalFiles && report.bytes <= report.totalBytes);
          fraction = report.fraction;
        }
      }),
    );
  });

  test('goes by the bytes, and tells what is left once it can', () => {
    const meter = new RestoreMeter({ files: 100, bytes: 1_000_000 });
    meter.enter('sending', 0);
    meter.update({ filesSent: 1, bytesSent: 1_000 }, 1_000);
    assert.equal(meter.report(1_000).secondsLeft, undefined);
    meter.update({ filesSent: 50, bytesSent: 500_000 }, 5_000);
    const report = meter.report(5_000);
    assert.equal(report.secondsLeft, 5);
    assert.ok(report.fraction > 0.45 && report.fraction < 0.55);
    meter.enter('applying', 9_000);
    assert.equal(meter.report(9_000).secondsLeft, undefined);
  });

  test('goes by the files of a backup that has no bytes', () => {
    const meter = new RestoreMeter({ files: 4, bytes: 0 });
    meter.enter('sending', 0);
    meter.update({ filesSent: 2, bytesSent: 0 }, 1);
    assert.ok(meter.report(1).fraction > 0.4);
  });

  test('shows a stall as a rate that falls to nothing', () => {
    const meter = new RestoreMeter({ files: 1, bytes: 1e9 });
    meter.enter('sending', 0);
    for (let ms = 0; ms <= 2_000; ms += 500) meter.update({ filesSent: 0, bytesSent: ms * 1_000 }, ms);
    assert.equal(meter.report(2_000).bytesPerSecond, 1_000_000);
    for (let ms = 2_500; ms <= 9_000; ms += 500) meter.report(ms);
    assert.equal(meter.report(9_500).bytesPerSecond, 0);
  });
});
