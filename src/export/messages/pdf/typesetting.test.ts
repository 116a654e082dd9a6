import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { runsFromRight, visualOrder } from './reading-order.ts';
import { fontsIn } from './system-fonts.ts';
import { Typefaces } from './typefaces.ts';
import { Typesetter, type Measurer } from './typesetting.ts';

/** Every letter is as wide as the text is high. */
const measurer: Measurer & { size: number } = {
  size: 1,
  font(_name, size) {
    this.size = size;
    return this;
  },
  widthOfString(text) {
    return text.length * this.size;
  },
};
const noOtherFonts = (): Typefaces => new Typefaces({ registerFont: () => undefined }, () => []);

describe('typefaces', () => {
  test('show Latin, Greek and Cyrillic with one font, emoji with another', () => {
    const typefaces = noOtherFonts();
    assert.deepEqual(typefaces.runs('Grüße, Ελλάδα и Москва'), [{ text: 'Grüße, Ελλάδα и Москва', font: 'text' }]);
    assert.deepEqual(typefaces.runs('hi 👩‍👩‍👧!', 'bold'), [
      { text: 'hi ', font: 'bold' },
      { text: '👩‍👩‍👧', font: 'emoji' },
      { text: '!', font: 'bold' },
    ]);
    assert.equal(typefaces.missing.size, 0);
  });

  test('name the scripts that no font here can show, and mark each of their letters', () => {
    const typefaces = noOtherFonts();
    assert.deepEqual(typefaces.runs('中文 ไทย'), [{ text: '□□ □□□', font: 'text' }]);
    assert.deepEqual([...typefaces.missing].toSorted(), ['Han', 'Thai']);
  });

  test('are found on a computer by the names that systems give them', () => {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
    try {
      mkdirSync(join(dir, 'opentype'));
      for (const name of ['Comic.ttf', 'Lohit-Devanagari.ttf', 'opentype/NotoSansCJK-Regular.ttc'])
        writeFileSync(join(dir, name), '');
      const found = fontsIn([dir, join(dir, 'missing')]).map((path) =>
        path.slice(dir.length + 1).replaceAll('\\', '/'),
      );
      assert.deepEqual(found, ['opentype/NotoSansCJK-Regular.ttc', 'Lohit-Devanagari.ttf']);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('a paragraph', () => {
  const typesetter = new Typesetter(measurer, noOtherFonts());

  test('is broken between words, and within those that are wider than a line', () => {
    const lines = typesetter.lines('one two three abcdefghijklmno', { size: 1 }, 8);
    assert.deepEqual(
      lines.map(({ pieces }) => pieces.map(({ text }) => text).join('')),
      ['one two', 'three', 'abcdefgh', 'ijklmno'],
    );
  });

  test('is never wider than its place and loses nothing but spaces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b ', ' ', 'ü', '👋', 'longer', '.', '\n') });
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 30 }), (words, width) => {
        const lines = typesetter.lines(words, { size: 1 }, width);
        assert.ok(lines.every((line) => line.width <= width));
        const shown = lines.flatMap(({ pieces }) => pieces.map((piece) => piece.text)).join('');
        assert.equal(shown.replaceAll(/\s/g, ''), words.replaceAll(/\s/g, ''));
      }),
    );
  });
});

describe('words that run from the right', () => {
  test('stand in the order in which they are read', () => {
    assert.equal(order('שלום עולם יפה'), 'יפה עולם שלום');
    assert.equal(order('see שלום עולם there'), 'see עולם שלום there');
    assert.equal(order('קנה iPhone 15 Pro היום'), 'היום iPhone 15 Pro קנה');
    assert.equal(order('one two'), 'one two');
  });

  test('are all still there', () => {
    const word = fc.constantFrom('שלום', 'مرحبا', 'abc', '12', '-', ' ');
    fc.assert(
      fc.property(fc.array(word), fc.boolean(), (all, fromRight) => {
        const words = all.map((text) => ({ text }));
        assert.deepEqual(new Set(visualOrder(words, fromRight)), new Set(words));
      }),
    );
  });
});

function order(text: string): string {
  const words = text.split(' ').map((word) => ({ text: word }));
  return visualOrder(words, runsFromRight(text))
    .map((word) => word.text)
    .join(' ');
}
