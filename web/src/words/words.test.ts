import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';

/** What nobody should have to read, and what is called otherwise on a page. */
const AVOIDED = [
  /!/,
  /\bsnapshots?\b/i,
  /\bextract/i,
  /\bgenerations?\b/i,
  /\b(vault|Tresor)\b/i,
  /\bUDID\b/,
  /\bKlick/i,
  /[a-zäöüß,] (Sie|Ihr|Ihre|Ihnen)\b/,
];

const files = globSync('*.ts', { cwd: import.meta.dirname }).filter(
  (name) =>
    !['words.ts', 'language.ts', 'in-both.ts', 'problems.ts', 'restore-checks.ts'].includes(name) &&
    !name.endsWith('.test.ts'),
);

for (const name of files) {
  const exported = await import(join(import.meta.dirname, name));
  const { en, de } = Object.values(exported).find(isInBoth) ?? {};
  describe(basename(name, '.ts'), () => {
    test('is there in both languages', () => {
      assert.ok(en && de);
      assert.deepEqual(keysOf(en), keysOf(de));
    });
    test('leaves nothing empty and says nothing that is not said here', () => {
      for (const text of [...textsOf(en), ...textsOf(de)]) {
        assert.notEqual(text.trim(), '');
        for (const word of AVOIDED) assert.doesNotMatch(text, word);
      }
    });
  });
}

function isInBoth(value: unknown): value is { en: object; de: object } {
  return typeof value === 'object' && value !== null && 'en' in value && 'de' in value;
}

function keysOf(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? keysOf(value, `${path}${key}.`) : [`${path}${key} ${typeof value}`],
  );
}

function textsOf(words: object | undefined): string[] {
  return Object.values(words ?? {}).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    // What a function says stands in its own text between quotes.
    if (typeof value === 'function')
      return [...String(value).matchAll(/[`'"]([^`'"]{3,})[`'"]/g)].map(([, text]) => text ?? '');
    return typeof value === 'object' && value !== null ? textsOf(value) : [];
  });
}
