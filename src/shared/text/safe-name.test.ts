import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { safeName, shortName } from './safe-name.ts';

for (const [wished, safe] of [
  ['IMG_0001.HEIC', 'IMG_0001.HEIC'],
  ['Anna & Bob.html', 'Anna & Bob.html'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
  ['', '_'],
  ['.', '_'],
  ['..', '_'],
  ['...', '_'],
  ['   ', '_'],
  ['name. .', 'name'],
  ['.DS_Store', '.DS_Store'],
  ['con', '_con'],
  ['CON.txt', '_CON.txt'],
  ['Aux .tar.gz', '_Aux .tar.gz'],
  ['COM1', '_COM1'],
  ['lpt¹.x', '_lpt¹.x'],
  ['console', 'console'],
  ['nul\u0000.txt', 'nul_.txt'],
  ['line\nbreak\u2028\u0085', 'line_break__'],
  ['photo\u202egpj.exe', 'photo_gpj.exe'],
  ['Gru\u0308ße.txt', 'Grüße.txt'],
  ['👨‍👩‍👧 Familie 🏴󠁧󠁢󠁥󠁮󠁧󠁿.jpg', '👨‍👩‍👧 Familie 🏴󠁧󠁢󠁥󠁮󠁧󠁿.jpg'],
  ['half \ud83d', 'half \ufffd'],
] as const) {
  test(`${JSON.stringify(wished)} becomes ${JSON.stringify(safe)}`, () => assert.equal(safeName(wished), safe));
}

test('leaves decomposed letters as they are where other files may name them', () => {
  assert.equal(safeName('Gru\u0308n?', { keepForm: true }), 'Gru\u0308n_');
});

test('a long name keeps its extension', () => {
  const name = safeName(`${'x'.repeat(300)}.jpeg`);
  assert.equal(name, `${'x'.repeat(195)}.jpeg`);
});

test('a long name is cut between what people see as characters', () => {
  const family = '👨‍👩‍👧';
  assert.equal(safeName(`${family.repeat(40)}.png`), `${family.repeat(10)}.png`);
});

test('what comes after a dot is only an extension when it is short', () => {
  assert.equal(Buffer.byteLength(safeName(`Mr. ${'y'.repeat(300)}`)), 200);
  assert.equal(safeName(`a.${'z'.repeat(300)}`), `a.${'z'.repeat(198)}`);
});

test('a number goes before the extension and always fits', () => {
  assert.equal(shortName('Anna.html', 220, ' (2)'), 'Anna (2).html');
  assert.equal(shortName('Anna', 220, ' (3)'), 'Anna (3)');
  assert.equal(shortName(`${'a'.repeat(220)}.html`, 220, ' (12)'), `${'a'.repeat(210)} (12).html`);
});

test('every name is safe, and safe names stay as they are', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('.', ' ', '/', 'con', 'e\u0301', '🏳️‍🌈', '\u0000'),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 80 }), (parts) => {
      const name = safeName(parts.join(''));
      assert.ok(name !== '' && name !== '.' && name !== '..');
      assert.ok(Buffer.byteLength(name) <= 200);
      // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
      assert.doesNotMatch(name, /[\u0000-\u001f\u007f<>:"/\\|?*]|[. ]$/);
      assert.ok(name.isWellFormed());
      assert.equal(safeName(name), name);
    }),
  );
});
