import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from '../../output/output.ts';
import { RestoreShown } from './restore-shown.ts';

test('what is restored is named once the backup before it has become the latest version', () => {
  let told = '';
  const sink = { write: (text: string): void => void (told += text) };
  using shown = new RestoreShown(createOutput(sink, sink, { json: false }));
  shown.show({ event: 'opened', snapshot: '0ld0ld00', sourceUdid: 'a', name: 'Ada’s iPhone', encrypted: true });
  assert.doesNotMatch(told, /latest/);
  const sizes = { files: 1, bytes: 1, newBytes: 1, full: false, encrypted: true, seconds: 1 };
  shown.show({ event: 'safety-backup', backup: { event: 'done', snapshot: 'newnew00', udid: 'a', ...sizes } });
  assert.match(told, /`holdfast restore newnew00` brings it back/);
  assert.match(told, /start it again with 0ld0ld00: “latest” is another version now/);
});
