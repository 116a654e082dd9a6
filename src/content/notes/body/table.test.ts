import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assert as check, property, uint8Array } from 'fast-check';
import { bytesField, varintField } from '../../../formats/index.ts';
import { FormatError } from '../../../shared/errors.ts';
import { decodeGallery } from '../attachments/gallery.ts';
import { plainText } from './plain-text.ts';
import { decodeTranscript } from '../attachments/recording.ts';
import { decodeTable } from './table.ts';

const refer = (index: number): Buffer => varintField(6, index);
const graph = (...parts: Buffer[]): Buffer => bytesField(2, bytesField(3, ...parts));
const entry = (...fields: Buffer[]): Buffer => bytesField(3, ...fields);
const key = (name: string): Buffer => bytesField(4, name);
const object = (type: number, ...values: [key: number, value: Buffer][]): Buffer =>
  bytesField(
    13,
    varintField(1, type),
    ...values.map(([at, value]) => bytesField(3, varintField(1, at), bytesField(2, value))),
  );

/** A table whose rows and columns are what `set` says. */
const table = (...entries: Buffer[]): Buffer =>
  graph(
    entry(object(0, [0, refer(1)], [1, refer(1)], [2, refer(2)])),
    ...entries.map((each) => entry(each)),
    ...['crRows', 'crColumns', 'cellColumns'].map(key),
    bytesField(5, 'com.apple.notes.ICTable'),
  );

describe('a table', () => {
  it('without rows is one without cells', () => {
    assert.deepEqual(decodeTable(table()), { columns: 0, rows: [], isRightToLeft: false });
  });

  it('is refused when a few bytes claim any number of cells', () => {
    const places = Array.from({ length: 2000 }, (_, i) => {
      const uuid = Buffer.alloc(16);
      uuid.writeUInt32LE(i);
      return { place: bytesField(2, varintField(1, i), bytesField(2, uuid)), uuid: bytesField(6, uuid) };
    });
    const set = bytesField(16, bytesField(1, bytesField(1, ...places.map(({ place }) => place))));
    const parts = [
      entry(object(0, [0, refer(1)], [1, refer(1)])),
      entry(set),
      key('crRows'),
      key('crColumns'),
      ...places.map(({ uuid }) => uuid),
    ];
    assert.throws(() => decodeTable(graph(...parts)), /too many cells/);
  });

  it('does not follow references that lead in circles or nowhere', () => {
    const circle = bytesField(1, bytesField(2, refer(3)));
    const bytes = table(
      bytesField(16, Buffer.alloc(0)),
      bytesField(6, bytesField(1, bytesField(1, refer(3)), bytesField(2, refer(99)))),
      circle,
    );
    assert.equal(decodeTable(bytes).rows.length, 0);
  });

  it('is read in time that grows with its size, however often its parts refer to one another', () => {
    const wide = object(0, ...Array.from({ length: 20_000 }, (): [number, Buffer] => [0, refer(0)]));
    const pairs = Array.from({ length: 20_000 }, () => bytesField(1, bytesField(1, refer(3)), bytesField(2, refer(3))));
    assert.equal(
      decodeTable(table(bytesField(16, bytesField(2, ...pairs)), bytesField(6, ...pairs), wide)).rows.length,
      0,
    );
  });

  it('is told apart from other things', () => {
    assert.throws(() => decodeTable(graph(entry(object(0)))), FormatError);
    assert.deepEqual(decodeGallery(graph()), []);
    assert.equal(decodeTranscript(graph()), undefined);
  });

  it('is read or refused, whatever it is', () => {
    check(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        for (const read of [decodeTable, decodeGallery, decodeTranscript]) {
          try {
            read(graph(bytes.length > 0 ? entry(Buffer.from(bytes)) : Buffer.alloc(0)));
          } catch (error) {
            assert.ok(error instanceof FormatError);
          }
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  const real = join(import.meta.dirname, '../../../../shared/data/apple-notes/table_gzipped.bin');
  if (existsSync(real)) {
    it('from a real device has its cells where they belong', () => {
      const { rows } = decodeTable(readFileSync(real));
      assert.deepEqual(
        rows.map((row) => row.map((cell) => plainText(cell, new Map()))),
        [
          ['Row 1 Column 1', 'Row 1 Column 2'],
          ['Row 2 Column 1', 'Row 2 Column 2'],
        ],
      );
    });
  }
});
