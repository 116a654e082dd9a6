import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csv, csvCell } from './csv.ts';

describe('a CSV file', () => {
  it('begins with the mark of UTF-8 and ends its lines as the standard says', () => {
    const text = [...csv(['name', 'when'], [['Ängström', new Date(0)]])].join('');
    assert.equal(text, '\uFEFFname,when\r\nÄngström,1970-01-01T00:00:00.000Z\r\n');
  });

  it('quotes what would break a row', () => {
    assert.equal(csvCell('a,b'), '"a,b"');
    assert.equal(csvCell('say "hi"'), '"say ""hi"""');
    assert.equal(csvCell('two\nlines'), '"two\nlines"');
    assert.equal(csvCell(' padded'), '" padded"');
  });

  it('makes formulas plain text', () => {
    for (const text of ['=cmd', '+cmd|x', '-2+3+cmd', '@SUM(A1)', '\tcmd', '\r=1', ' =cmd', '\n=1']) {
      assert.match(csvCell(text), /^"?'/, JSON.stringify(text));
    }
  });

  it('leaves numbers and telephone numbers as they are', () => {
    for (const text of ['+49 151 2345', '-12.5', '+1 (555) 010-9999', '12:30']) assert.equal(csvCell(text), text);
    assert.equal(csvCell(-5), '-5');
    assert.equal(csvCell(12n), '12');
  });

  it('leaves empty what is not there', () => {
    assert.equal(csvCell(undefined), '');
    assert.equal(csvCell(null), '');
    assert.equal(csvCell(new Date(Number.NaN)), '');
  });

  it('streams long tables', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [i]);
    const chunks = [...csv(['n'], rows)];
    assert.ok(chunks.length > 3);
    assert.equal(chunks.join('').split('\r\n').length, 1002);
  });
});
