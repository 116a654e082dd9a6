import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, constantFrom, property, string } from 'fast-check';
import { documentFromHtml } from './html.ts';
import { plainText } from '../body/plain-text.ts';

const textOf = (source: string): string => plainText(documentFromHtml(source), new Map());

describe('a note of HTML', () => {
  it('has a paragraph for each line, as Notes wrote them', () => {
    assert.equal(textOf('Title<div>one</div><div><br></div><div>two<br>three</div>'), 'Title\none\n\ntwo\nthree');
  });

  it('has looks, links, lists and headings', () => {
    const { paragraphs } = documentFromHtml(
      '<h1>T</h1><p><b>a<i>b</i></b> <a href="https://example.org/?a=1&amp;b=2">c</a></p><ul><li>x<ol><li>y</li></ol></li></ul>',
    );
    assert.deepEqual(paragraphs, [
      { style: 'title', indent: 0, spans: [{ text: 'T' }] },
      {
        style: 'body',
        indent: 0,
        spans: [
          { bold: true, text: 'a' },
          { bold: true, italic: true, text: 'b' },
          { text: ' ' },
          { link: 'https://example.org/?a=1&b=2', text: 'c' },
        ],
      },
      { style: 'bulleted', indent: 0, spans: [{ text: 'x' }] },
      { style: 'numbered', indent: 1, spans: [{ text: 'y' }] },
    ]);
  });

  it('is as it was typed in preformatted text, and has its spaces folded elsewhere', () => {
    assert.equal(textOf('<pre>a\n  b</pre>c \n  d&nbsp;&nbsp;e'), 'a\n  b\nc d  e');
  });

  it('knows entities, and leaves those it does not know', () => {
    assert.equal(textOf('&lt;&#233;&#x1F34E;&uuml;&unknown;&#0;&#xD800; AT&T'), '<é🍎ü&unknown;\uFFFD\uFFFD AT&T');
  });

  it('is nothing of what runs, loads or hides', () => {
    const source = `a<script>alert(1)</script><style>p{}</style><img src="https://example.com/x.gif"><iframe src=x>in</iframe
      ><object data="x">fallback</object><svg><text>t</text></svg><!-- b --><template>c</template>d`;
    assert.equal(textOf(source), 'ad');
  });

  it('keeps the pictures that came with it', () => {
    const { paragraphs } = documentFromHtml('<div>x<img src="cid:part1@example.org"></div>');
    assert.deepEqual(paragraphs[0]?.spans, [{ text: 'x' }, { object: 'part1@example.org', uti: undefined }]);
  });

  it('is text where it is no HTML', () => {
    assert.equal(textOf('1 < 2 & 3 > 2 <'), '1 < 2 & 3 > 2 <');
    assert.equal(textOf(''), '');
    assert.equal(textOf('<constructor>a</constructor><__proto__>b'), 'a<__proto__>b');
  });

  it('is read whatever it is, and quickly', () => {
    const part = constantFrom(
      '<div>',
      '</div>',
      '<li>',
      '<ul>',
      '<b',
      '>',
      '<!--',
      '-->',
      '<script>',
      '"',
      "='",
      '&#',
      '&lt;',
      'x',
      '</',
      '<a href=',
    );
    check(
      property(array(part, { maxLength: 60 }), string(), (parts, words) => {
        documentFromHtml(parts.join('') + words);
      }),
      { seed: 1, numRuns: 1000 },
    );
    const startedMs = performance.now();
    for (const hostile of ['<div>', '<', '<a href="', '&#1', '<!--', '<ul><li>', '<script>'])
      documentFromHtml(hostile.repeat(50_000));
    assert.ok(performance.now() - startedMs < 20_000);
  });
});
