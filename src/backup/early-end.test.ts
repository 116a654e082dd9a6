import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TargetError } from '../shared/target/backup-target.ts';
import { AppError, FormatError, ProtocolError } from '../shared/errors.ts';
import { explainEnd } from './early-end.ts';

const AT = { phase: 'receiving', files: 3, bytes: 4000, sleptMs: 0 };

describe('the error a backup ends with', () => {
  test('says how far it had come', () => {
    const error = explainEnd(new AppError('PASSCODE_NOT_ENTERED', 'no passcode', { details: { deviceCode: 208 } }), AT);
    assert.ok(error instanceof AppError);
    assert.deepEqual(error.details, { deviceCode: 208, phase: 'receiving', filesReceived: 3, bytesReceived: 4000 });
  });

  test('says of a lost connection that nothing is lost with it', () => {
    const error = explainEnd(new AppError('CONNECTION_LOST', 'lost'), AT);
    assert.ok(error instanceof AppError);
    assert.match(error.hint ?? '', /goes on where it stopped/);
  });

  test('says the same of a device that ended it by itself', () => {
    const ended = new AppError('DEVICE_REFUSED', 'ended', { hint: 'Unlock it.', details: { reason: 'tired' } });
    const error = explainEnd(ended, AT);
    assert.ok(error instanceof AppError);
    assert.match(error.hint ?? '', /goes on where it stopped/);
    const early = explainEnd(ended, { ...AT, files: 0 });
    assert.ok(early instanceof AppError && early.hint === 'Unlock it.');
  });

  test('says that it was this computer, where it slept', () => {
    const error = explainEnd(new AppError('CONNECTION_LOST', 'lost'), { ...AT, sleptMs: 90_000 });
    assert.ok(error instanceof AppError);
    assert.match(error.message, /this computer slept/);
    assert.match(error.hint ?? '', /awake.*goes on where it stopped/);
    assert.equal(error.details['sleptSeconds'], 90);
    const other = explainEnd(new AppError('OUT_OF_SPACE', 'full'), { ...AT, sleptMs: 90_000 });
    assert.ok(other instanceof AppError && other.message === 'full');
  });

  test('leaves a device that went to sleep its own advice', () => {
    const asleep = new AppError('CONNECTION_LOST', 'asleep', { hint: 'Charge it.', details: { asleep: true } });
    const error = explainEnd(asleep, AT);
    assert.ok(error instanceof AppError && error.hint === 'Charge it.');
  });

  test('says what to do about a device that makes no sense', () => {
    for (const error of [new ProtocolError('nonsense'), new FormatError('no list')]) {
      const end = explainEnd(error, AT);
      assert.ok(end instanceof AppError && end.code === error.code);
      assert.match(end.hint ?? '', /start again/);
    }
  });

  test('turns what a target could not do into something for a person', () => {
    for (const [reason, code] of [
      ['no-space', 'OUT_OF_SPACE'],
      ['io', 'STORAGE_FAILED'],
    ] as const) {
      const error = explainEnd(new TargetError(reason, 'x'), AT);
      assert.ok(error instanceof AppError && error.code === code && error.hint !== undefined);
    }
  });

  test('lets a mistake of ours be seen as one', () => {
    const bug = new TypeError('bug');
    assert.equal(explainEnd(bug, AT), bug);
  });
});
