import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { escapeHtml } from '../../shared/text/escape-html.ts';
import { fileAddress, html, page, safeLink } from './html.ts';

describe('a page', () => {
  it('holds what comes out of a backup as text', () => {
    const evil = `<script>alert("1")</script> & 'x' \`y\``;
    const { text } = html`<p title="${evil}">${evil}</p>`;
    assert.equal(text.replaceAll(/[^<>]/g, ''), '<><>');
    assert.equal(text.replaceAll(/[^"]/g, ''), '""');
  });

  it('takes markup, numbers, lists and nothing', () => {
    const items = ['a', 'b'].map((each) => html`<li>${each}</li>`);
    assert.equal(html`<ul>${items}</ul>${undefined}${null}${false}${0}`.text, '<ul><li>a</li><li>b</li></ul>0');
  });

  it('never lets text open a tag or leave an attribute', () => {
    check(
      property(string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(escapeHtml(text), /[<>"'`\0]/);
      }),
      { numRuns: 500 },
    );
  });

  it('forbids scripts and loading from elsewhere', () => {
    const text = page({ title: 'A & B' }, html`<h1>A</h1>`);
    assert.match(text, /Content-Security-Policy" content="default-src 'none'/);
    assert.match(text, /<title>A &amp; B<\/title>/);
    assert.doesNotMatch(text, /<script|https?:/);
  });

  it('follows links to the web and to people only', () => {
    assert.equal(safeLink(' https://example.org/ '), 'https://example.org/');
    for (const each of [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      '//example.org',
      'file:///etc/passwd',
    ]) {
      assert.equal(safeLink(each), undefined);
    }
  });

  it('addresses files by their names, whatever is in them', () => {
    assert.equal(fileAddress('Anna & Ben/50% #1?.jpg'), 'Anna%20%26%20Ben/50%25%20%231%3F.jpg');
  });
});
