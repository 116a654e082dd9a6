import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromCocoaSeconds, fromCocoaTime, fromUnixSeconds } from './apple-time.ts';

describe('Apple times', () => {
  it('counts seconds and fractions from 2001', () => {
    assert.equal(fromCocoaSeconds(0)?.toISOString(), '2001-01-01T00:00:00.000Z');
    assert.equal(fromCocoaSeconds(700_000_000.25)?.toISOString(), '2023-03-08T20:26:40.250Z');
    assert.equal(fromCocoaSeconds(-86_400)?.toISOString(), '2000-12-31T00:00:00.000Z');
  });

  it('tells nanoseconds from seconds', () => {
    assert.equal(fromCocoaTime(700_000_000)?.toISOString(), '2023-03-08T20:26:40.000Z');
    assert.equal(fromCocoaTime(700_000_000_000_000_000n)?.toISOString(), '2023-03-08T20:26:40.000Z');
  });

  it('counts from 1970', () => {
    assert.equal(fromUnixSeconds('1700000000')?.toISOString(), '2023-11-14T22:13:20.000Z');
  });

  it('takes nothing else for a date', () => {
    for (const value of [null, undefined, '', ' ', 'soon', Number.NaN, Infinity, 1e300, Buffer.from('1')]) {
      assert.equal(fromCocoaSeconds(value), undefined);
      assert.equal(fromUnixSeconds(value), undefined);
      assert.equal(fromCocoaTime(value), undefined);
    }
  });
});
