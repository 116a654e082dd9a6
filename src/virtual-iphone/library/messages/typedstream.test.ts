import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeAttributedString } from './typedstream.ts';

const PART = '__kIMMessagePartAttributeName';

describe('encodeAttributedString', () => {
  test('writes what Messages writes for a plain text', () => {
    const bytes = encodeAttributedString('Hi', [{ length: 2, attributes: { [PART]: 0 } }]);
    const expected = [
      ['040b', '"streamtyped"', '81e803'],
      // A mutable attributed string, with the classes it descends from.
      ['840140', '848484', '19', '"NSMutableAttributedString"', '00', '8484', '12', '"NSAttributedString"', '00'],
      ['8484', '08', '"NSObject"', '00', '85'],
      // Its text; NSObject is known by now, and so is the type "@".
      [
        '92',
        '848484',
        '0f',
        '"NSMutableString"',
        '01',
        '8484',
        '08',
        '"NSString"',
        '01',
        '95',
        '84012b',
        '02',
        '"Hi"',
        '86',
      ],
      // The first run: two units, a dictionary of one entry.
      ['8402', '"iI"', '0102', '92', '848484', '0c', '"NSDictionary"', '00', '95', '840169', '01'],
      ['92', '8498', '98', '1d', `"${PART}"`, '86'],
      ['92', '848484', '08', '"NSNumber"', '00', '8484', '07', '"NSValue"', '00', '95', '84012a', '849b', '9b00', '86'],
      ['86', '86'],
    ];
    assert.equal(bytes.toString('hex'), expected.flat().map(hexOf).join(''));
  });

  test('marks lengths beyond a byte', () => {
    const bytes = encodeAttributedString('x'.repeat(300), [{ length: 300, attributes: {} }]);
    assert.ok(bytes.includes(Buffer.concat([Buffer.from([0x2b, 0x81, 0x2c, 0x01]), Buffer.from('xxx')])));
    assert.ok(bytes.includes(Buffer.from([0x01, 0x81, 0x2c, 0x01])));
  });

  test('refers to strings and numbers it has written before', () => {
    const one = encodeAttributedString('ab', [{ length: 2, attributes: { [PART]: 0 } }]);
    const two = encodeAttributedString('ab', [
      { length: 1, attributes: { [PART]: 0 } },
      { length: 1, attributes: { [PART]: 0 } },
    ]);
    // Another run of one unit: "iI" is known, the dictionary's class too, its key and value are objects 9B and 9C.
    const secondRun = Buffer.from(['990201', '92849a9b01', '929b', '929c', '86'].join(''), 'hex');
    assert.equal(two.length - one.length, secondRun.length);
    assert.ok(two.includes(secondRun));
  });
});

function hexOf(part: string): string {
  return part.startsWith('"') ? Buffer.from(part.slice(1, -1), 'latin1').toString('hex') : part;
}
