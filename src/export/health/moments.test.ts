import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Moments } from './moments.ts';

test('moments have the offset of their day, also where clocks change', () => {
  const berlin = new Moments('Europe/Berlin');
  assert.equal(berlin.text(new Date('2026-05-01T07:30:00Z')), '2026-05-01 09:30:00 +0200');
  assert.equal(berlin.text(new Date('2026-03-29T00:59:59Z')), '2026-03-29 01:59:59 +0100');
  assert.equal(berlin.text(new Date('2026-03-29T01:00:00Z')), '2026-03-29 03:00:00 +0200');
  assert.equal(berlin.text(new Date('2026-03-30T01:00:00Z')), '2026-03-30 03:00:00 +0200');
  assert.equal(new Moments('America/St_Johns').text(new Date('2026-01-01T00:00:00Z')), '2025-12-31 20:30:00 -0330');
  assert.equal(new Moments('Asia/Tokyo').day(new Date('2026-01-01T20:00:00Z')), '2026-01-02');
});
