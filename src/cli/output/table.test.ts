import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth, formatTable } from './table.ts';

test('columns are as wide as their widest cell, and lines end without spaces', () => {
  const table = formatTable(
    ['NAME', 'STATE'],
    [
      ['Ada', 'paired'],
      ['Somebody', ''],
    ],
  );
  assert.equal(table, 'NAME      STATE\nAda       paired\nSomebody\n');
});

test('numbers end flush on the right', () => {
  const table = formatTable(
    ['ID', 'FILES'],
    [
      ['a', '7'],
      ['b', '12,345'],
    ],
    { numeric: [1] },
  );
  assert.equal(table, 'ID   FILES\na        7\nb   12,345\n');
});

test('wide characters take two cells, combining ones none', () => {
  const widths = ['iPhone', '美咲', '📱', '👨‍👩‍👧', '❤️', 'e\u0301', '\u200b', '한글', '𠮷'].map(displayWidth);
  assert.deepEqual(widths, [6, 4, 2, 2, 2, 1, 0, 4, 2]);
});

test('a table without rows is its header', () => {
  assert.equal(formatTable(['A', 'B'], []), 'A  B\n');
});

test('rows that do not fit are written below each other, with an empty line between them', () => {
  const rows = [
    ['Ada’s iPhone', '00008110'],
    ['Bob', '00008120'],
  ];
  const table = formatTable(['NAME', 'UDID'], rows, { columns: 15 });
  assert.equal(table, 'NAME  Ada’s iPhone\nUDID  00008110\n\nNAME  Bob\nUDID  00008120\n');
});
