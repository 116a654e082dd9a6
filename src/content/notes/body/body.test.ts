import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { array, assert as check, constantFrom, nat, property, record, string, uint8Array } from 'fast-check';
import { bytesField, floatField, varintField } from '../../../formats/index.ts';
import { FormatError } from '../../../shared/errors.ts';
import { decodeNoteBody } from './body.ts';
import { plainText } from './plain-text.ts';

const run = (length: number, ...fields: Buffer[]): Buffer => bytesField(5, varintField(1, length), ...fields);
const style = (number: number, ...fields: Buffer[]): Buffer => bytesField(2, varintField(1, number), ...fields);
const note = (text: string, ...runs: Buffer[]): Buffer => bytesField(3, bytesField(2, text), ...runs);
const body = (text: string, ...runs: Buffer[]): Buffer =>
  gzipSync(bytesField(2, varintField(2, 0), note(text, ...runs)));

describe('the body of a note', () => {
  it('is blank when there is nothing of it', () => {
    assert.deepEqual(decodeNoteBody(Buffer.alloc(0)), { paragraphs: [] });
    assert.deepEqual(decodeNoteBody(body('')), { paragraphs: [] });
  });

  it('has the text also where it is not packed, or no run covers it', () => {
    const bytes = bytesField(2, note('one\ntwo'));
    assert.deepEqual(
      decodeNoteBody(bytes).paragraphs.map(({ spans }) => spans),
      [[{ text: 'one' }], [{ text: 'two' }]],
    );
  });

  it('gives a paragraph the style of its first character', () => {
    const { paragraphs } = decodeNoteBody(body('T\nitem\n', run(2, style(0)), run(2, style(100)), run(3, style(102))));
    assert.deepEqual(
      paragraphs.map((each) => each.style),
      ['title', 'bulleted'],
    );
  });

  it('reads ticks, indents, quotes, colours and raised text', () => {
    const todo = bytesField(5, bytesField(1, Buffer.alloc(16)), varintField(2, 1));
    const colour = bytesField(10, floatField(1, 1), floatField(2, 0.5), floatField(3, 0), floatField(4, 1));
    const { paragraphs } = decodeNoteBody(
      body(
        'a\nb\nc',
        run(2, style(103, varintField(4, 2), todo)),
        run(2, style(3, varintField(8, 1)), varintField(8, -1)),
        run(1, colour, varintField(14, 4)),
      ),
    );
    assert.deepEqual(paragraphs, [
      { style: 'checklist', indent: 2, checked: true, spans: [{ text: 'a' }] },
      { style: 'body', indent: 0, quoted: true, spans: [{ raised: 'subscript', text: 'b' }] },
      { style: 'body', indent: 0, spans: [{ highlight: 'mint', colour: '#FF8000', text: 'c' }] },
    ]);
  });

  it('never cuts an emoji in two, wherever a run ends', () => {
    const astronaut = '👩🏽‍🚀';
    for (let length = 1; length < astronaut.length; length++) {
      const { paragraphs } = decodeNoteBody(body(`${astronaut}x`, run(length, varintField(5, 1)), run(20)));
      assert.deepEqual(paragraphs[0]?.spans, [{ bold: true, text: astronaut }, { text: 'x' }]);
    }
  });

  it('keeps the text where runs are damaged', () => {
    const document = decodeNoteBody(body('text', run(2, varintField(5, 1)), bytesField(5, Buffer.from([0xff]))));
    assert.equal(document.problem, 'formatting-damaged');
    assert.equal(plainText(document, new Map()), 'text');
  });

  it('counts no run beyond the text, below nothing, or for ever', () => {
    for (const length of [-1, 2 ** 31, 2 ** 52]) {
      assert.equal(plainText(decodeNoteBody(body('ab', run(length, varintField(5, 1)))), new Map()), 'ab');
    }
  });

  it('holds every character of the text, whatever the runs say', () => {
    const piece = record({ length: nat(12), style: constantFrom(0, 1, 4, 100, 102, 103, 999), weight: nat(3) });
    const text = string({ unit: constantFrom('a', 'ü', '\n', '\u2028', '👩‍🚀', '語', '\r\n', ' ', '\u0301') });
    check(
      property(text, array(piece), (words, pieces) => {
        const runs = pieces.map((each) => run(each.length, style(each.style), varintField(5, each.weight)));
        const read = plainText(decodeNoteBody(body(words, ...runs)), new Map());
        const expected = words.replace(/(?:\r\n|\n)$/, '').replaceAll(/\r\n|\u2028/g, '\n');
        assert.equal(read, expected);
      }),
      { seed: 1 },
    );
  });

  it('is read in time that grows with its size, whatever it holds', () => {
    const marks = 'e' + '\u0301'.repeat(100_000);
    const runs = Array.from({ length: 100_000 }, () => run(1, varintField(5, 1)));
    assert.equal(decodeNoteBody(body(marks, Buffer.concat(runs))).paragraphs[0]?.spans.length, 1);
    const object = bytesField(12, bytesField(1, 'A'), bytesField(2, 'com.apple.notes.table'));
    const objects = Array.from({ length: 10_000 }, () => run(1, object));
    assert.equal(decodeNoteBody(body('\uFFFC'.repeat(10_000), Buffer.concat(objects))).paragraphs[0]?.spans.length, 1);
  });

  it('refuses what unpacks to far more than any note', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    assert.ok(bomb.length < 100_000);
    assert.throws(() => decodeNoteBody(bomb), FormatError);
  });

  for (const [what, bytes] of [
    ['text', Buffer.from('this is no gzip')],
    ['half a packed body', body('hello').subarray(0, 20)],
    ['another message', gzipSync(varintField(1, 5))],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => decodeNoteBody(bytes), FormatError));
  }

  it('is read or refused, whatever it is', () => {
    check(
      property(uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          decodeNoteBody(bytes);
        } catch (error) {
          assert.ok(error instanceof FormatError);
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});

const REAL = join(import.meta.dirname, '../../../../shared/data/apple-notes');

describe('bodies from real devices', () => {
  if (!existsSync(REAL)) return;
  const read = (name: string): ReturnType<typeof decodeNoteBody> =>
    decodeNoteBody(readFileSync(join(REAL, `${name}.bin`)));

  it('have their decorations', () => {
    const { paragraphs } = read('text_decorations_gzipped');
    assert.deepEqual(
      paragraphs.map(({ spans }) => spans),
      [
        [{ text: 'Title' }],
        [{ bold: true, text: 'Bold body ' }],
        [{ italic: true, text: 'Italic body' }],
        [{ bold: true, italic: true, text: 'Bold italic body ' }],
        [{ underlined: true, text: 'Underlined body' }],
        [{ struck: true, text: 'Strikethrough body' }],
        [{ underlined: true, struck: true, text: 'Underline strikethrough body' }],
      ],
    );
  });

  it('have their lists, and how far these are moved in', () => {
    const { paragraphs } = read('list_indents_gzipped');
    const items = paragraphs.filter((each) => each.style !== 'body').map((each) => `${each.style} ${each.indent}`);
    assert.deepEqual(items, [
      'title 0',
      'checklist 0',
      'checklist 1',
      'checklist 2',
      'checklist 1',
      'bulleted 0',
      'bulleted 1',
      'bulleted 0',
      'dashed 1',
      'dashed 0',
      'numbered 0',
      'numbered 1',
    ]);
  });

  it('have their emoji whole and their links', () => {
    assert.match(plainText(read('emoji_formatting_1_gzipped'), new Map()), /🧑‍💻6👩‍💻7[^]*體驗看法覺得很大$/);
    const links = read('url_gzipped').paragraphs.flatMap(({ spans }) => spans.flatMap((span) => span.link ?? []));
    assert.deepEqual(
      links,
      ['Jim_Nettles', 'Graig_Nettles', 'San_Diego_State_University', 'Minnesota_Twins'].map(
        (name) => `https://en.m.wikipedia.org/wiki/${name}`,
      ),
    );
  });

  it('are the same packed and not', () => {
    assert.deepEqual(read('simple_note_protobuf'), read('simple_note_protobuf_gzipped'));
  });
});
