import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { BackupPhase } from './events.ts';
import { ProgressMeter, type TransferState } from './progress.ts';

const PHASES: readonly BackupPhase[] = [
  'connecting',
  'waiting-for-passcode',
  'preparing',
  'receiving',
  'moving',
  'removing',
  'verifying',
  'finishing',
];

const START: TransferState = { filesReceived: 0, bytesReceived: 0, devicePercent: 0, deviceReports: 0, batchBytes: 0 };

describe('ProgressMeter', () => {
  test('never goes backwards and is never complete, whatever the device tells', () => {
    const step = fc.oneof(
      fc.record({ enter: fc.constantFrom(...PHASES) }),
      fc.record({
        bytes: fc.nat(1e9),
        percent: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined }),
        batchBytes: fc.nat(1e9),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const meter = new ProgressMeter();
        let state = START;
        let fraction = 0;
        let nowMs = 0;
        for (const each of steps) {
          nowMs += 100;
          if ('enter' in each) meter.enter(each.enter, nowMs);
          else {
            state = {
              filesReceived: state.filesReceived + 1,
              bytesReceived: state.bytesReceived + each.bytes,
              devicePercent: each.percent ?? state.devicePercent,
              deviceReports: state.deviceReports + (each.percent === undefined ? 0 : 1),
              batchBytes: each.batchBytes,
            };
            meter.update(state, nowMs);
          }
          const report = meter.report(nowMs);
          assert.ok(report.fraction >= fraction && report.fraction < 1);
          assert.ok(report.bytesPerSecond >= 0 && (report.secondsLeft ?? 0) >= 0);
          assert.equal(report.bytes, state.bytesReceived);
          fraction = report.fraction;
        }
      }),
    );
  });

  test('takes no clearing up before the first file for the end', () => {
    const meter = new ProgressMeter();
    for (const phase of ['preparing', 'removing', 'verifying', 'preparing'] as const) {
      meter.enter(phase, 0);
      assert.equal(meter.report(0).fraction, 0.01, phase);
    }
    meter.enter('receiving', 0);
    assert.equal(meter.report(0).fraction, 0.02);
    meter.enter('removing', 0);
    assert.equal(meter.report(0).fraction, 0.95);
  });

  test('follows a device that tells the truth', () => {
    const meter = new ProgressMeter();
    meter.enter('receiving', 0);
    const fractions = [10, 20, 50, 90].map((percent, i) => {
      const state = { ...START, bytesReceived: percent * 1000, devicePercent: percent, deviceReports: i + 1 };
      meter.update(state, i * 1000);
      return meter.report(i * 1000).fraction;
    });
    // A report counts once the next has confirmed it.
    assert.deepEqual(
      fractions.map((fraction) => Math.round(fraction * 100)),
      [2, 11, 20, 47],
    );
  });

  test('does not believe a leap that the next report takes back', () => {
    const meter = new ProgressMeter();
    meter.enter('receiving', 0);
    for (const [i, percent] of [5, 100, 6, 100, 7].entries()) {
      meter.update({ ...START, devicePercent: percent, deviceReports: i + 1 }, i);
    }
    assert.ok(meter.report(10).fraction < 0.1);
  });

  test('moves on within a large batch, by its bytes', () => {
    const meter = new ProgressMeter();
    meter.enter('receiving', 0);
    const report = (bytesReceived: number, devicePercent: number, deviceReports: number): number => {
      meter.update({ ...START, bytesReceived, devicePercent, deviceReports, batchBytes: 1000 }, 0);
      return meter.report(0).fraction;
    };
    report(0, 0, 1);
    report(1000, 10, 2);
    const begun = report(2000, 20, 3);
    const half = report(2500, 20, 3);
    const beyond = report(9000, 20, 3);
    assert.ok(half > begun);
    assert.ok(beyond < 0.35, 'no more than the batch is worth');
  });

  test('tells the rate of the last seconds and what is left', () => {
    const meter = new ProgressMeter();
    meter.enter('receiving', 0);
    for (let second = 0; second <= 40; second++) {
      const bytesReceived = second * 1_000_000;
      meter.update(
        { ...START, bytesReceived, devicePercent: second, deviceReports: second + 1, batchBytes: 0 },
        second * 1000,
      );
    }
    const report = meter.report(40_000);
    assert.equal(report.bytesPerSecond, 1_000_000);
    assert.ok(
      report.secondsLeft !== undefined && report.secondsLeft > 55 && report.secondsLeft < 80,
      String(report.secondsLeft),
    );
    for (let second = 41; second <= 50; second++) meter.report(second * 1000);
    assert.equal(meter.report(50_000).bytesPerSecond, 0);
  });

  test('does not guess what is left before there is ground for it', () => {
    const meter = new ProgressMeter();
    assert.equal(meter.report(0).secondsLeft, undefined);
    meter.enter('receiving', 0);
    meter.update({ ...START, bytesReceived: 10, devicePercent: 1, deviceReports: 1 }, 1000);
    assert.equal(meter.report(1000).secondsLeft, undefined);
  });
});
