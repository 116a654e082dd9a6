import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeAttributedString } from '../index.ts';
import { cutTypes } from './types.ts';
import { TypedObject, Unarchiver } from './unarchiver.ts';

/** Hand-made streams: text stands for its bytes, numbers for single ones. */
function stream(...parts: (string | number)[]): Buffer {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part & 0xff])));
  return Buffer.concat([Buffer.from('\x04\x0bstreamtyped\x81\xe8\x03', 'latin1'), ...bytes]);
}
const [NEW, NIL, END] = [0x84, 0x85, 0x86];
const OBJECT_ROOT = [NEW, 1, '@', NEW, NEW, NEW, 18, 'NSAttributedString', 0, NEW, NEW, 8, 'NSObject', 0, NIL];
/** A whole attributed string: an NSString with `text` in it, numbered like Apple's. */
const STRING = [0x92, NEW, NEW, NEW, 8, 'NSString', 1, 0x94, NEW, 1, '+'];
const greeting = (text: string): (string | number)[] => OBJECT_ROOT.concat(STRING, Buffer.byteLength(text), text, END);

describe('an attributed string', () => {
  test('gives its text', () => {
    const { text, runs, isWhole } = decodeAttributedString(stream(...greeting('Grüße 👋'), END));
    assert.deepEqual({ text, isWhole, runs: runs.length }, { text: 'Grüße 👋', isWhole: true, runs: 1 });
  });

  test('shares attributes between runs that have the same', () => {
    const dictionary = [0x92, NEW, NEW, NEW, 12, 'NSDictionary', 0, 0x94, NEW, 1, 'i', 1];
    const entry = [0x92, NEW, 0x96, 0x96, 1, 'k', END, 0x92, NEW, 0x96, 0x96, 1, 'v', END, END];
    const runs = [NEW, 2, 'iI', 1, 2, ...dictionary, ...entry, 0x97, 1, 3];
    const decoded = decodeAttributedString(stream(...greeting('Hello'), ...runs, END));
    assert.deepEqual(
      decoded.runs.map(({ start, length, attributes }) => [start, length, [...attributes]]),
      [
        [0, 2, [['k', 'v']]],
        [2, 3, [['k', 'v']]],
      ],
    );
  });

  test('that breaks off after its text is not whole', () => {
    const { text, isWhole } = decodeAttributedString(stream(...greeting('Hello'), NEW, 2, 'iI', 1));
    assert.deepEqual({ text, isWhole }, { text: 'Hello', isWhole: false });
  });

  test('whose numbers are wrong still gives its text', () => {
    const broken = greeting('Hello').map((part) => (part === 0x94 ? 0xf0 : part));
    assert.equal(decodeAttributedString(stream(...broken, END)).text, 'Hello');
  });

  test('has runs without gaps that never leave the text', () => {
    const length = fc.integer({ min: -100, max: 100 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), length), { maxLength: 5 }), (wanted) => {
        const parts = wanted.flatMap(([number, size]) => [NEW, 2, 'iI', number, size, NEW, 1, '@', NIL]);
        const { text, runs } = decodeAttributedString(stream(...greeting('Hello'), ...parts, END));
        assert.equal(runs.map((run) => text.slice(run.start, run.start + run.length)).join(''), 'Hello');
      }),
    );
  });

  test('that differs from an earlier one in its words only is read as carefully', () => {
    const start = [
      NEW,
      1,
      '@',
      NEW,
      NEW,
      NEW,
      25,
      'NSMutableAttributedString',
      0,
      NEW,
      NEW,
      18,
      'NSAttributedString',
      0,
    ];
    const string = [
      NEW,
      NEW,
      8,
      'NSObject',
      0,
      NIL,
      0x92,
      NEW,
      NEW,
      NEW,
      15,
      'NSMutableString',
      1,
      NEW,
      NEW,
      8,
      'NSString',
      1,
    ];
    const dictionary = [0x92, NEW, NEW, NEW, 12, 'NSDictionary', 0, 0x95, NEW, 1, 'i', 1];
    const entry = [0x92, NEW, 0x98, 0x98, 1, 'k', END, 0x92, NEW, 0x98, 0x98, 1, 'v', END];
    const whole = (text: string, runLength: number): Buffer =>
      stream(
        ...start
          .concat(string, 0x95, NEW, 1, '+', Buffer.byteLength(text), text, END)
          .concat([NEW, 2, 'iI', 1, runLength], dictionary, entry, END, END),
      );
    for (const [text, length] of [
      ['Grüße', 5],
      ['👋', 2],
      ['', 0],
      ['Hello', 3],
      ['Hello', 9],
      ['Hello', 5],
    ] as const) {
      const { text: read, runs } = decodeAttributedString(whole(text, length));
      const expected = text === '' ? [] : length < text.length ? [length, text.length - length] : [text.length];
      assert.deepEqual([read, runs.map((run) => run.length)], [text, expected]);
      if (runs[0]) assert.deepEqual([...runs[0].attributes], [['k', 'v']]);
    }
  });

  for (const { what, bytes } of [
    { what: 'nothing', bytes: Buffer.alloc(0) },
    { what: 'another format', bytes: Buffer.from('bplist00aaaaaaaaaaaaaaaaaaaaa') },
    { what: 'a stream that ends after its header', bytes: stream() },
    { what: 'no object', bytes: stream(NEW, 1, '@', NIL) },
    { what: 'an object that is no text', bytes: stream(NEW, 1, '@', NEW, NEW, NEW, 8, 'NSObject', 0, NIL, END) },
    { what: 'text longer than the stream', bytes: stream(...greeting('Hello')).subarray(0, -4) },
  ]) {
    test(`is not read from ${what}`, () => {
      assert.throws(() => decodeAttributedString(bytes), { name: 'FormatError' });
    });
  }
});

describe('a typedstream', () => {
  for (const { what, parts, values } of [
    {
      what: 'small and large integers',
      parts: [NEW, 3, 'iiI', 5, 0x81, 0x00, 0x80, 0x81, 0xff, 0xff],
      values: [5, -32768, 65535],
    },
    { what: 'single bytes', parts: [NEW, 3, 'cCB', 0x81, 0x81, 1], values: [-127, 129, true] },
    {
      what: 'real numbers',
      parts: [NEW, 2, 'fd', 7, 0x83, ...Buffer.from('000000000000f83f', 'hex')],
      values: [7, 1.5],
    },
    {
      what: 'C strings, the second by its number',
      parts: [NEW, 2, '**', NEW, NEW, 2, 'hi', 0x92],
      values: ['hi', 'hi'],
    },
    { what: 'nil', parts: [NEW, 2, '@*', NIL, NIL], values: [null, null] },
  ]) {
    test(`holds ${what}`, () => {
      assert.deepEqual(new Unarchiver(stream(...parts)).group(), values);
    });
  }

  test('holds arrays and structures', () => {
    const parts = [NEW, 14, '[2i]{p=ii}[3C]', 1, 2, 3, 4, 'abc'];
    assert.deepEqual(new Unarchiver(stream(...parts)).group(), [[1, 2], [3, 4], Buffer.from('abc')]);
  });

  test('may hold an object that refers to itself', () => {
    const [object] = new Unarchiver(stream(...OBJECT_ROOT, 0x92, 0x92, END)).group();
    assert.ok(object instanceof TypedObject);
    assert.equal(object.groups[0]?.[0], object);
  });

  test('is refused when nested deeper than any real one, or when its types cost more than they say', () => {
    const deep = [...OBJECT_ROOT, ...Array.from({ length: 500 }, () => [0x92, NEW, 0x93]).flat()];
    const long = [NEW, 0x81, 0x10, 0x01, '!'.repeat(272), ...Array.from({ length: 3000 }, () => 0x92)];
    for (const parts of [deep, long]) {
      assert.throws(
        () => {
          const unarchiver = new Unarchiver(stream(...parts));
          while (!unarchiver.isAtEnd) unarchiver.group();
        },
        { name: 'FormatError' },
      );
    }
  });

  test('of any bytes is read or refused', () => {
    const bytes = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x84, 0x85, 0x86, 0x92, 0x93)));
    fc.assert(
      fc.property(bytes, (tail) => {
        try {
          decodeAttributedString(stream(NEW, 1, '@', NEW, ...tail));
        } catch (error) {
          assert.equal((error as Error).name, 'FormatError');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('describes its types as Objective-C does', () => {
    assert.deepEqual(cutTypes('iI@[12{p=ff}]{a={b=ii}c}*'), ['i', 'I', '@', '[12{p=ff}]', '{a={b=ii}c}', '*']);
    assert.throws(() => cutTypes('{a=i'), { name: 'FormatError' });
  });
});

const REAL = join(import.meta.dirname, '../../../../shared/data/magnet-2020/sms.db');
if (existsSync(REAL)) {
  test('reads every body of a real phone as the text beside it says', async () => {
    // Only a test looks upward: formats/ itself knows no databases.
    const { DatabaseSync } = await import('node:sqlite');
    using database = new DatabaseSync(`file:${REAL}?immutable=1`, { readOnly: true });
    const rows = database.prepare('SELECT text, attributedBody AS body FROM message').all();
    assert.equal(rows.length, 105);
    for (const { text, body } of rows) {
      assert.ok(body instanceof Uint8Array);
      const decoded = decodeAttributedString(body);
      assert.deepEqual([decoded.text, decoded.isWhole], [text, true]);
    }
  });
}
