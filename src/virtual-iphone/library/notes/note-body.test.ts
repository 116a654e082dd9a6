import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { encodeNoteBody, titleAndSnippet } from './note-body.ts';

test('a note is gzip over a document over a note of text and runs', () => {
  const body = encodeNoteBody(
    [
      { text: 'A\n', style: 'title' },
      { text: '🌱', weight: 'bold' },
    ],
    Buffer.alloc(16),
  );
  const note = ['1206410af09f8cb1', '2a06', '0802', '12020800', '2a04', '0802', '2801'].join('');
  // A version; the document (2) with two numbers and the note (3).
  assert.equal(gunzipSync(body).toString('hex'), `0800121c080010001a16${note}`);
});

test('runs count UTF-16 units, as NSString does', () => {
  const bytes = gunzipSync(encodeNoteBody([{ text: '👩🏽‍🚀!' }], Buffer.alloc(16)));
  assert.ok(bytes.includes(Buffer.from('2a020808', 'hex')));
});

test('the list of notes shows the first two lines that say something', () => {
  const pieces = [{ text: '\n \nTitle\n' }, { text: '\uFFFC' }, { text: '\nSecond\nThird' }];
  assert.deepEqual(titleAndSnippet(pieces), { title: 'Title', snippet: 'Second' });
  assert.deepEqual(titleAndSnippet([]), { title: 'New Note', snippet: '' });
});
