import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { TargetError } from '../../shared/target/backup-target.ts';
import { parseTargetPath } from '../../shared/target/target-path.ts';
import { PathGuard } from './path-guard.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

describe('PathGuard', () => {
  test('lets through what lies in its directories', () => {
    const guard = new PathGuard([UDID, 'other']);
    for (const path of [
      UDID,
      `${UDID}/Status.plist`,
      `${UDID}/Snapshot/ab/${'0'.repeat(40)}`,
      'other/x',
      `${UDID}/.b/é`,
    ]) {
      assert.equal(guard.refusal(path), undefined, path);
    }
    assert.equal(guard.breach, undefined);
  });

  test('never lets through what a target would refuse, nor another directory', () => {
    const piece = fc.constantFrom(UDID, 'x', '/', '..', '.', '\\', '\0', ':', ' ', '\n', 'é', 'other');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = pieces.join('');
        const allowed = new PathGuard([UDID]).refusal(path) === undefined;
        assert.equal(allowed, isInside(path), JSON.stringify(path));
      }),
      { numRuns: 2000 },
    );
  });

  test('takes the name of a directory for a name and not for a pattern', () => {
    assert.notEqual(new PathGuard(['a.b']).refusal('aXb/file'), undefined);
  });

  test('declines a copy beside the backup, and thinks no worse of the device for asking', () => {
    const guard = new PathGuard([UDID]);
    for (const path of [`${UDID}-20261122-110405`, `${UDID}-20261122-110405/Info.plist`]) {
      assert.equal(guard.refusal(path)?.reason, 'unsupported');
    }
    assert.equal(guard.breach, undefined);
    const other = new PathGuard([UDID]);
    for (const path of [`${UDID}-x`, `${UDID}-20261122-110405/../x`, `other-20261122-110405`, `${UDID}x`]) {
      assert.equal(other.refusal(path)?.reason, 'invalid-path', path);
    }
    assert.equal(other.breach?.details['breaches'], 4);
  });

  test('remembers the first breach and counts the rest', () => {
    const guard = new PathGuard([UDID]);
    guard.refusal('../first');
    guard.refusal('/second');
    assert.deepEqual(guard.breach?.details, { path: '"../first"', breaches: 2 });
    assert.throws(() => guard.check('x'), TargetError);
  });
});

function isInside(path: string): boolean {
  try {
    return parseTargetPath(path)[0] === UDID;
  } catch {
    return false;
  }
}
