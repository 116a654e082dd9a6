import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { decodeKeyedArchive, encodeKeyedArchive, KeyedObject, PlistReal, PlistUid, type PlistValue } from '../index.ts';

const uid = (value: number): PlistUid => new PlistUid(value);
const archiveOf = (root: number, ...objects: PlistValue[]): PlistValue => ({
  $version: 100_000,
  $archiver: 'NSKeyedArchiver',
  $top: { root: uid(root) },
  $objects: ['$null', ...objects],
});
const classOf = (...names: string[]): PlistValue => ({ $classname: names[0] ?? '', $classes: names });

describe('a keyed archive', () => {
  test('gives back what was archived', () => {
    const value = {
      text: 'é',
      number: 5,
      yes: true,
      when: new Date(1_600_000_000_123),
      data: Buffer.from('x'),
      list: ['a', null, [1.5]],
      object: new KeyedObject('MBFile', { Size: 3, Name: 'n', Nothing: null }),
      ['__proto__']: 'safe',
    };
    assert.deepEqual(decodeKeyedArchive(encodeKeyedArchive(value)), value);
  });

  test('gives back any value made of dictionaries, lists and scalars', () => {
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(fc.property(value, (each) => assert.deepEqual(decodeKeyedArchive(encodeKeyedArchive(each)), each)));
  });

  test('is resolved from its top, wherever the objects lie', () => {
    const archive = archiveOf(
      3,
      'b',
      classOf('NSArray', 'NSObject'),
      { 'NS.objects': [uid(4), uid(1)], $class: uid(2) },
      'a',
    );
    assert.deepEqual(decodeKeyedArchive(archive), ['a', 'b']);
  });

  test('without a root gives everything its top names', () => {
    const archive = { $top: { one: uid(1), two: 2 }, $objects: ['$null', 'first'] };
    assert.deepEqual(decodeKeyedArchive(archive), { one: 'first', two: 2 });
  });

  test('shares what it refers to twice, and may refer to itself', () => {
    const archive = archiveOf(
      1,
      { 'NS.objects': [uid(1), uid(3), uid(3)], $class: uid(2) },
      classOf('NSMutableArray', 'NSArray', 'NSObject'),
      {
        'NS.keys': [uid(4)],
        'NS.objects': [uid(3)],
        $class: uid(5),
      },
      'self',
      classOf('NSDictionary', 'NSObject'),
    );
    const list = decodeKeyedArchive(archive) as unknown[];
    assert.equal(list[0], list);
    assert.equal(list[1], list[2]);
    assert.equal((list[1] as Record<string, unknown>)['self'], list[1]);
  });

  for (const { what, object, classes, expected } of [
    { what: 'a mutable string', object: { 'NS.string': 's' }, classes: ['NSMutableString', 'NSString'], expected: 's' },
    { what: 'a string of bytes', object: { 'NS.bytes': Buffer.from('é') }, classes: ['NSString'], expected: 'é' },
    {
      what: 'mutable data',
      object: { 'NS.data': Buffer.from('d') },
      classes: ['NSMutableData', 'NSData'],
      expected: Buffer.from('d'),
    },
    {
      what: 'a date',
      object: { 'NS.time': new PlistReal(0.5) },
      classes: ['NSDate'],
      expected: new Date('2001-01-01T00:00:00.500Z'),
    },
    {
      what: 'a UUID',
      object: { 'NS.uuidbytes': Buffer.alloc(16, 0xab) },
      classes: ['NSUUID'],
      expected: 'ABABABAB-ABAB-ABAB-ABAB-ABABABABABAB',
    },
    {
      what: 'a URL',
      object: { 'NS.base': uid(0), 'NS.relative': 'https://a/b' },
      classes: ['NSURL'],
      expected: 'https://a/b',
    },
    { what: 'null', object: {}, classes: ['NSNull'], expected: null },
    {
      what: 'a set as old archives hold it',
      object: { 'NS.object.0': 1, 'NS.object.1': 2 },
      classes: ['NSSet'],
      expected: [1, 2],
    },
    {
      what: 'a dictionary with other keys',
      object: { 'NS.keys': [1], 'NS.objects': [true] },
      classes: ['NSDictionary'],
      expected: new Map([[1, true]]),
    },
    {
      what: 'a date that lacks its time',
      object: {},
      classes: ['NSDate'],
      expected: new KeyedObject('NSDate', {}, ['NSDate']),
    },
  ]) {
    test(`holds ${what}`, () => {
      const archive = archiveOf(1, { ...object, $class: uid(2) }, classOf(...classes));
      assert.deepEqual(decodeKeyedArchive(archive), expected);
    });
  }

  for (const { what, archive } of [
    { what: 'another property list', archive: { a: 1 } },
    { what: 'an archive that points outside itself', archive: archiveOf(9) },
    { what: 'an archive nested too deeply', archive: deepArchive(2_000) },
  ]) {
    test(`refuses ${what}`, () => {
      assert.throws(() => decodeKeyedArchive(archive), { name: 'FormatError' });
    });
  }
});

/** A chain of arrays, each holding the next. */
function deepArchive(length: number): PlistValue {
  const links = Array.from({ length }, (_, i) => ({ 'NS.objects': [uid(i + 3)], $class: uid(1) }));
  return archiveOf(2, classOf('NSArray'), ...links, 'end');
}
