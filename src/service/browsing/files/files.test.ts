import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assert as check, property, string, uint8Array } from 'fast-check';
import { safeLink } from '../values.ts';
import { fileToken, placeOfToken } from './file-token.ts';
import { isInline, mediaTypeOf } from './media-type.ts';

describe('what a browser may show', () => {
  for (const [what, start, type, shown] of [
    ['a JPEG', 'ffd8ffe000104a464946', 'image/jpeg', true],
    ['a PNG', '89504e470d0a1a0a', 'image/png', true],
    ['a HEIC', '0000002466747970686569630000', 'image/heic', false],
    ['a QuickTime film', '0000001466747970717420200000', 'video/mp4', true],
    ['an MP4', '000000206674797069736f6d', 'video/mp4', true],
    ['an AMR', '2321414d520a', 'audio/amr', false],
    ['a PDF', '255044462d312e37', 'application/pdf', false],
    ['HTML', Buffer.from('<!DOCTYPE html><script>').toString('hex'), 'application/octet-stream', false],
    ['SVG', Buffer.from('<svg xmlns=').toString('hex'), 'application/octet-stream', false],
    ['XML', Buffer.from('<?xml version="1.0"?>').toString('hex'), 'application/octet-stream', false],
    ['a script', Buffer.from('alert(1)').toString('hex'), 'application/octet-stream', false],
    ['nothing', '', 'application/octet-stream', false],
  ] as const) {
    test(what, () => {
      const found = mediaTypeOf(Buffer.from(start, 'hex'));
      assert.deepEqual([found.type, isInline(found)], [type, shown]);
    });
  }

  test('is never a page or a script, whatever the bytes', () => {
    check(
      property(uint8Array({ maxLength: 80 }), (bytes) => {
        assert.doesNotMatch(mediaTypeOf(bytes).type, /html|xml|svg|script|text/);
      }),
    );
  });
});

describe('the word for a file', () => {
  test('leads back to its place', () => {
    check(
      property(
        string({ unit: 'grapheme', minLength: 1 }),
        string({ unit: 'grapheme', minLength: 1 }),
        (domain, path) => {
          const place = { domain: domain.replaceAll('\0', '-'), relativePath: path.replaceAll('\0', '-') };
          const token = fileToken(place);
          assert.match(token, /^[\w-]+$/);
          assert.deepEqual(placeOfToken(token), place);
        },
      ),
    );
  });

  test('that is none is refused', () => {
    for (const token of ['', 'a', 'SG9tZURvbWFpbg', 'x'.repeat(7000)]) {
      assert.throws(() => placeOfToken(token), { code: 'USAGE' });
    }
  });
});

describe('links', () => {
  test('lead to pages, letters and calls only', () => {
    assert.equal(safeLink('https://example.org/a?b#c'), 'https://example.org/a?b#c');
    assert.equal(safeLink('tel:+49151'), 'tel:+49151');
    for (const link of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'https://a b',
      '//x.org',
      '',
      null,
      undefined,
    ]) {
      assert.equal(safeLink(link), undefined, String(link));
    }
  });
});
