import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeBinaryPlist, encodeBinaryPlist } from '../../formats/index.ts';
import { PlistTemplate } from './plist-template.ts';

const SAMPLE = { number: 1_700_000_001, text: 'some text', data: Buffer.from('some data') };

describe('a PlistTemplate', () => {
  test('makes what encoding from scratch would make, whatever the values', () => {
    const template = templateOf();
    const number = fc.oneof(fc.nat(300), fc.nat(70_000), fc.maxSafeNat(), fc.integer());
    const text = fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 40 }));
    const data = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(number, text, data, (aNumber, aText, someData) => {
        const filled = template.write([aNumber, aText, someData]);
        assert.deepEqual(decodeBinaryPlist(filled), {
          always: ['the same', 42],
          number: aNumber,
          inside: { text: aText, data: Buffer.from(someData) },
        });
      }),
    );
  });

  test('holds texts and data of any size', () => {
    const large = 'ü'.repeat(100_000);
    const filled = decodeBinaryPlist(templateOf().write([7, large, Buffer.alloc(200_000, 1)]));
    assert.deepEqual(filled, {
      always: ['the same', 42],
      number: 7,
      inside: { text: large, data: Buffer.alloc(200_000, 1) },
    });
  });

  test('does not take a sample that lacks one of the values', () => {
    const sample = encodeBinaryPlist({ number: SAMPLE.number });
    assert.throws(() => new PlistTemplate(sample, [SAMPLE.number, 'another']), RangeError);
  });
});

function templateOf(): PlistTemplate {
  const { number, text, data } = SAMPLE;
  const sample = encodeBinaryPlist({ always: ['the same', 42], number, inside: { text, data } });
  return new PlistTemplate(sample, [number, text, data]);
}
