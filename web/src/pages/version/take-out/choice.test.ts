import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commonFormats, orderKinds, spanOf } from './choice.ts';

const kind = (name: string, ...formats: string[]) => ({ kind: name, title: name, formats });

describe('what is taken out', () => {
  test('has the formats that everything chosen has', () => {
    assert.deepEqual(commonFormats([]), []);
    assert.deepEqual(commonFormats([kind('notes', 'html', 'markdown', 'json')]), ['html', 'markdown', 'json']);
    assert.deepEqual(commonFormats([kind('notes', 'html', 'markdown', 'json'), kind('health', 'xml', 'json')]), [
      'json',
    ]);
  });
  test('stands in the order people look for it', () => {
    const names = orderKinds([kind('alarms'), kind('notes'), kind('messages'), kind('apps')]).map((each) => each.kind);
    assert.deepEqual(names, ['messages', 'notes', 'alarms', 'apps']);
  });
  test('is of whole days, or of all time', () => {
    assert.deepEqual(spanOf({ from: '', until: '' }), {});
    assert.equal(spanOf({ from: '2026-05-02', until: '2026-05-01' }), undefined);
    const day = spanOf({ from: '2026-05-01', until: '2026-05-01' });
    assert.equal(Date.parse(day?.until ?? '') - Date.parse(day?.from ?? ''), 86_400_000 - 1);
  });
});
