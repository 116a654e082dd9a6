import assert from 'node:assert/strict';
import { test } from 'node:test';
import { because, say } from '../../contract/index.ts';
import { ERROR_CODES } from '../../shared/errors.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
/** What a backup or a copy that runs by itself can end with. */
const EXPECTED = Object.keys(ERROR_CODES).filter((code) =>
  /^(DEVICE_(NOT_|LOCKED|REFUSED|BUSY)|CONNECTION|PROTOCOL|USBMUXD|PASSCODE|SNAPSHOT_CORRUPT|VAULT_|OUT_OF|STORAGE|COPY_(UN|FAILED|DAMAGED)|PROGRAM)/.test(
    code,
  ),
);

for (const language of ['en', 'de'] as const) {
  test(`every failure that is to be expected has words in ${language}, without its code`, () => {
    for (const error of EXPECTED) {
      for (const reason of [
        because('alarm-failing', { name: 'X', tries: 3, error }),
        because('do-about-error', { error }),
      ]) {
        const sentence = say(reason, language, NOW, 'UTC');
        assert.ok(!sentence.includes(error), sentence);
      }
    }
    assert.ok(EXPECTED.length > 15);
  });

  test(`one that is not expected shows its code in ${language}`, () => {
    const error = 'FROM_THE_FUTURE';
    assert.match(say(because('do-about-error', { error }), language, NOW, 'UTC'), /FROM_THE_FUTURE/);
    assert.match(
      say(because('alarm-failing', { name: 'X', tries: 3, error }), language, NOW, 'UTC'),
      /FROM_THE_FUTURE/,
    );
    const trap = because('do-about-error', { error: 'constructor' });
    assert.match(say(trap, language, NOW, 'UTC'), /constructor/);
  });
}
