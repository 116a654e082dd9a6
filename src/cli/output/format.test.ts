import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatDuration, formatSize, jsonLine, plural, printable } from './format.ts';

test('sizes are said in decimal units with few digits', () => {
  const said = [0, 1, 999, 1000, 1234, 99_949, 34_000_000, 999_600_000, 1_500_000_000, 4e15].map(formatSize);
  assert.deepEqual(said, [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1 kB',
    '1.23 kB',
    '99.9 kB',
    '34 MB',
    '1 GB',
    '1.5 GB',
    '4 PB',
  ]);
});

test('counts have thousands separators', () => {
  assert.equal(formatCount(1234567), '1,234,567');
  assert.equal(plural(1, 'file'), '1 file');
  assert.equal(plural(3201, 'file'), '3,201 files');
});

test('durations use the two largest units', () => {
  const said = [0.4, 42, 60, 185, 3600, 7800].map(formatDuration);
  assert.deepEqual(said, ['under a second', '42 s', '1 min', '3 min 5 s', '1 h', '2 h 10 min']);
});

test('control characters of a hostile name are shown, not obeyed', () => {
  assert.equal(printable('a\u001b[2Jb\nc\u202ed'), 'a\ufffd[2Jb\ufffdc\ufffdd');
});

test('JSON stays on one line and obeys nothing, and still says the same', () => {
  const value = { name: 'a\u009b2Jb\u0085c\u2028d\u202ee\nf' };
  const line = jsonLine(value);
  assert.match(line, /^[^\p{Cc}\u2028-\u202e]*\n$/u);
  assert.deepEqual(JSON.parse(line), value);
});
