import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readICalendar, readTexts } from './icalendar-reader.test-helper.ts';
import { component, componentLines, property, textProperty, type Component } from './icalendar.ts';

const written = (each: Component): string => [...componentLines(each)].join('');
const RUNS = { numRuns: 400, seed: 5545 };

// oxlint-disable-next-line no-control-regex -- they are what is left out
const withoutControls = (text: string): string => text.replaceAll(/[\0-\x08\x0B-\x1F\x7F]/g, '');

/** What a reader can get back: one kind of line end, no control characters, whole characters. */
const plain = (text: string): string => withoutControls(text.toWellFormed().replaceAll(/\r\n?|\u2028|\u2029/g, '\n'));

describe('iCalendar', () => {
  it('holds any text, and a reader gets it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const [read] = readICalendar(written(component('VEVENT', [textProperty('SUMMARY', text)]))).properties;
        assert.deepEqual(readTexts(read?.value ?? ''), [plain(text)]);
      }),
      RUNS,
    );
  });

  it('holds lists of texts', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(texts, (values) => {
        const [read] = readICalendar(written(component('VTODO', [textProperty('CATEGORIES', values)]))).properties;
        assert.deepEqual(readTexts(read?.value ?? ''), values.map(plain));
      }),
      RUNS,
    );
  });

  it('holds any text in parameters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const attendee = property('ATTENDEE', 'mailto:a@example.org', [
          ['CN', text],
          ['ROLE', 'CHAIR'],
        ]);
        const [read] = readICalendar(written(component('VEVENT', [attendee]))).properties;
        assert.deepEqual(read?.parameters[1], ['ROLE', 'CHAIR']);
        assert.equal(read?.parameters[0]?.[1], withoutControls(text.toWellFormed().replaceAll(/\r\n?/g, '\n')));
      }),
      RUNS,
    );
  });

  it('keeps values on their line, whatever an address holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (url) => {
        const read = readICalendar(written(component('VEVENT', [property('URL', `https://x/${url}\r\nBEGIN:VALARM`)])));
        assert.deepEqual([read.properties.length, read.components.length], [1, 0]);
      }),
      RUNS,
    );
  });

  it('nests components', () => {
    const inner = component('VALARM', [property('TRIGGER', '-PT15M')]);
    const outer = component('VEVENT', [property('UID', 'a'), false, undefined], [inner, inner]);
    assert.deepEqual(readICalendar(written(outer)), outer);
  });

  it('folds between characters, after 75 bytes', () => {
    const text = written(component('VEVENT', [textProperty('SUMMARY', '👩‍👩‍👧‍👦ä'.repeat(40))]));
    assert.ok(text.split('\r\n').some((line) => Buffer.byteLength(line) > 70));
    readICalendar(text);
  });
});
