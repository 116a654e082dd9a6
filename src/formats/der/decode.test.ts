import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../shared/errors.ts';
import { decodeDerPlist } from './decode.ts';

describe('a property list in DER', () => {
  test('has every type that the keychain writes', () => {
    const when = new Date('2015-09-07T20:52:30.123Z');
    const value = {
      acct: 'Zoé 🔑',
      n: -129,
      big: 2n ** 62n,
      data: Buffer.from([0, 255]),
      when,
      no: false,
      list: [null, [], {}],
    };
    assert.deepEqual(decodeDerPlist(encode(value)), value);
  });

  test('reads dates with and without fractions and zones', () => {
    assert.deepEqual(date('20150907205230Z'), new Date('2015-09-07T20:52:30Z'));
    assert.deepEqual(date('20150907205230.5Z'), new Date('2015-09-07T20:52:30.5Z'));
    assert.deepEqual(date('20150907225230+0200'), new Date('2015-09-07T20:52:30Z'));
    assert.deepEqual(date('201509072052Z'), new Date('2015-09-07T20:52:00Z'));
  });

  test('keeps a name that objects of JavaScript have from birth', () => {
    const value = decodeDerPlist(der(0x31, der(0x30, encode('__proto__'), encode('x'))));
    assert.deepEqual(Object.entries(value ?? {}), [['__proto__', 'x']]);
  });

  for (const [what, bytes] of [
    ['nothing', ''],
    ['a length beyond the end', '0c05aa'],
    ['a length of lengths', '0c850000000001aa'],
    ['an indefinite length', '31800000'],
    ['bytes after the end', '050000'],
    ['a member without a name', '31020500'],
    ['a member whose value is longer than it', '310730050c01610c0562'],
    ['a date that is none', '180d32303135313330373230353233305a'],
    ['an unknown type', '0900'],
    ['an integer of no bytes', '0200'],
  ] as const) {
    test(`refuses ${what}`, () => {
      assert.throws(() => decodeDerPlist(Buffer.from(bytes, 'hex')), FormatError);
    });
  }

  test('refuses what is nested without end', () => {
    let nested = encode(1);
    for (let i = 0; i < 100; i++) nested = der(0x30, nested);
    assert.throws(() => decodeDerPlist(nested), /nested too deeply/);
  });

  test('reads back whatever was written', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (any) => assert.deepEqual(decodeDerPlist(encode(any)), any)),
      { numRuns: 300 },
    );
  });

  test('answers any bytes with a value or a FormatError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeDerPlist(bytes);
        } catch (error) {
          assert.ok(error instanceof FormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const date = (text: string): unknown => decodeDerPlist(der(0x18, Buffer.from(text)));

/** Writes what the decoder reads, in the simplest way there is. */
function encode(value: unknown): Buffer {
  if (value === null) return der(0x05);
  if (typeof value === 'string') return der(0x0c, Buffer.from(value));
  if (typeof value === 'boolean') return der(0x01, Buffer.from([value ? 255 : 0]));
  if (typeof value === 'number' || typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return der(0x02, bytes);
  }
  if (value instanceof Date) return der(0x18, Buffer.from(value.toISOString().replaceAll(/[-:T]/g, '')));
  if (Buffer.isBuffer(value)) return der(0x04, value);
  if (Array.isArray(value)) return der(0x30, ...value.map(encode));
  return der(0x31, ...Object.entries(Object(value)).map(([name, each]) => der(0x30, encode(name), encode(each))));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
