import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Reason } from '../reason.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Language } from './formats.ts';
import { EXAMPLES } from './reason-examples.test-helper.ts';
import { because } from './reason-values.ts';
import { say, sayAll } from './say.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const BERLIN = 'Europe/Berlin';
const LANGUAGES: readonly Language[] = ['en', 'de'];

test('every language has a sentence for every reason, and none for another', () => {
  assert.deepEqual(Object.keys(en).toSorted(), Object.keys(EXAMPLES).toSorted());
  assert.deepEqual(Object.keys(de).toSorted(), Object.keys(EXAMPLES).toSorted());
});

for (const language of LANGUAGES) {
  describe(`in ${language}`, () => {
    for (const [code, values] of Object.entries(EXAMPLES)) {
      test(`“${code}” is a whole sentence that uses all it is told`, () => {
        const { used, tracked } = trackingReads(values);
        const sentence = say({ code, values: tracked }, language, NOW, BERLIN);
        assert.match(sentence, /^\S.*[.?]$/u);
        assert.doesNotMatch(sentence, /undefined|NaN|\[object|Invalid|\s\s|\dT\d|!/u);
        assert.deepEqual([...used].toSorted(), Object.keys(values).toSorted());
        assert.ok(Reason.safeParse({ code, values }).success, 'it can be sent');
      });
    }
  });
}

test('what a page does not know yet is shown by its code', () => {
  assert.equal(say({ code: 'from-the-future', values: {} }, 'en', NOW, BERLIN), 'from-the-future');
  assert.equal(say({ code: 'constructor', values: {} }, 'en', NOW, BERLIN), 'constructor');
});

test('several reasons are one text', () => {
  const reasons = [because('overdue', { days: 9 }), because('waits-for-unlock', {})];
  assert.equal(
    sayAll(reasons, 'en', NOW, BERLIN),
    'It has not been backed up for 9 days. The next try is when it is unlocked at home: it asks for its passcode.',
  );
  assert.equal(
    sayAll(reasons, 'de', NOW, BERLIN),
    'Es wurde seit 9 Tagen nicht gesichert. Der nächste Versuch kommt, wenn es zu Hause entsperrt wird: Es fragt nach dem Code.',
  );
});

function trackingReads(values: object): { used: Set<string>; tracked: Reason['values'] } {
  const used = new Set<string>();
  const tracked = new Proxy<Reason['values']>(
    { ...values },
    {
      get: (target, key) => {
        used.add(String(key));
        return typeof key === 'string' ? target[key] : undefined;
      },
    },
  );
  return { used, tracked };
}
