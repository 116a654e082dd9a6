import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, nat, property, string } from 'fast-check';
import { dispositionOf } from './content-answer.ts';
import { rangeOf } from './ranges.ts';

describe('the part of a file that is asked for', () => {
  for (const [header, size, expected] of [
    [null, 10, undefined],
    ['bytes=0-', 10, { start: 0, end: 10 }],
    ['bytes=3-5', 10, { start: 3, end: 6 }],
    ['bytes=3-500', 10, { start: 3, end: 10 }],
    ['bytes=-4', 10, { start: 6, end: 10 }],
    ['bytes=-400', 10, { start: 0, end: 10 }],
    ['bytes=10-', 10, 'unsatisfiable'],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=5-3', 10, undefined],
    ['bytes=0-1,4-5', 10, undefined],
    ['bytes=-', 10, undefined],
    ['items=0-1', 10, undefined],
    ['bytes=99999999999999999999-', 10, undefined],
  ] as const) {
    test(`${header} of ${size} bytes`, () => {
      assert.deepEqual(rangeOf(header, size), expected);
    });
  }

  test('lies within the file, whatever is asked for', () => {
    check(
      property(nat(100), nat(100), nat(100), (size, a, b) => {
        for (const header of [`bytes=${a}-${b}`, `bytes=${a}-`, `bytes=-${b}`]) {
          const range = rangeOf(header, size);
          if (range === undefined || range === 'unsatisfiable') continue;
          assert.ok(range.start >= 0 && range.start < range.end && range.end <= size);
        }
      }),
    );
  });
});

describe('the name a file is kept under', () => {
  test('keeps letters of all scripts and cannot end the header or look like another ending', () => {
    assert.equal(
      dispositionOf({ isInline: false, name: 'Grüße "2026".jpg' }),
      `attachment; filename="Gr__e _2026_.jpg"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%222026%22.jpg`,
    );
    assert.doesNotMatch(dispositionOf({ isInline: true, name: 'a\u202egpj.exe' }), /%E2%80%AE/);
    assert.match(dispositionOf({ isInline: true, name: '../../etc/passwd' }), /filename="....etcpasswd"/);
    assert.match(dispositionOf({ isInline: true, name: '\u0000' }), /filename="file"/);
  });

  test('whatever it is, makes a header', () => {
    check(
      property(string({ unit: 'binary' }), (name) => {
        const headers = new Headers({ 'Content-Disposition': dispositionOf({ isInline: false, name }) });
        assert.match(
          headers.get('content-disposition') ?? '',
          /^attachment; filename="[\w .()-]+"; filename\*=UTF-8''[\w%.~!-]+$/,
        );
      }),
    );
  });
});
