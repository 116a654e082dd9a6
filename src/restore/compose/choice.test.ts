import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseChoice, SELECTABLE_KINDS } from './choice.ts';

describe('parseChoice', () => {
  test('reads kinds, apps and groups, each once, in the order given', () => {
    const text = 'Messages, app:net.whatsapp.WhatsApp,attachments,group:group.com.example,contacts';
    assert.deepEqual(parseChoice(text), [
      { kind: 'messages' },
      { app: 'net.whatsapp.WhatsApp' },
      { group: 'group.com.example' },
      { kind: 'contacts' },
    ]);
  });

  test('knows every kind it names', () => {
    assert.equal(parseChoice(SELECTABLE_KINDS.join()).length, SELECTABLE_KINDS.length);
  });

  for (const text of ['', ' , ', 'everything', 'app:', 'app:../x', 'app:com.ex ample', 'group:', 'constructor']) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseChoice(text), { code: 'USAGE', hint: /messages, contacts/ });
    });
  }
});
