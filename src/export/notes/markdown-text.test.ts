import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import {
  escapeLineStart,
  escapeMarkdown,
  fenced,
  linkedMarkdown,
  markdownAddress,
  markdownFile,
  marked,
} from './markdown-text.ts';

describe('text in Markdown', () => {
  it('opens no tag, link, code or emphasis', () => {
    check(
      property(string({ unit: 'grapheme' }), (text) => {
        assert.doesNotMatch(escapeMarkdown(text).replaceAll(/\\[^\n]/g, ''), /[<>`*_[\]|~&$]/);
      }),
      { seed: 1, numRuns: 500 },
    );
    assert.equal(escapeMarkdown('<b> ![x](y) *z*'), '\\<b\\> \\!\\[x\\](y) \\*z\\*');
  });

  it('begins no heading, list, rule or code', () => {
    assert.deepEqual(
      ['# a', '- a', '+ a', '12. a', '3) a', '---', '    code', ': a', 'plain - text'].map(escapeLineStart),
      [
        '\\# a',
        '\\- a',
        '\\+ a',
        '12\\. a',
        '3\\) a',
        '\\---',
        '&nbsp;&nbsp;&nbsp;&nbsp;code',
        '\\: a',
        'plain - text',
      ],
    );
  });

  it('keeps addresses of the web', () => {
    assert.equal(
      linkedMarkdown('see https://example.org/a_b?c=1&d, *now*'),
      'see <https://example.org/a_b?c=1&d>, \\*now\\*',
    );
  });

  it('leads nowhere but to the web, to people and to files beside it', () => {
    assert.equal(markdownAddress('javascript:alert(1)'), undefined);
    assert.equal(markdownAddress('https://example.org/>)<b>'), '<https://example.org/%3E)%3Cb%3E>');
    assert.equal(markdownFile('a b/(1)*.jpg'), 'a%20b/%281%29%2a.jpg');
  });

  it('has marks that touch the words, and fences that nothing closes', () => {
    assert.equal(marked(' a b ', '**'), ' **a b** ');
    assert.equal(marked('  ', '**'), '  ');
    assert.equal(fenced('a\n```\nb'), '````\na\n```\nb\n````');
  });
});
