import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NoteParagraph } from '../../content/index.ts';
import { blocksOf, type Block } from './blocks.ts';

const line = (
  text: string,
  style: NoteParagraph['style'] = 'body',
  indent = 0,
  more: Partial<NoteParagraph> = {},
): NoteParagraph => ({
  style,
  indent,
  spans: [{ text }],
  ...more,
});

const wordsOf = (paragraph: NoteParagraph | undefined): string =>
  paragraph?.spans.map((span) => ('text' in span ? span.text : '')).join('') ?? '';

/** "list(a list(b))": the shape of blocks, for reading. */
function shape(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'paragraph') return wordsOf(block.paragraph);
      if (block.kind === 'code') return `code(${block.lines.map(wordsOf).join('/')})`;
      if (block.kind === 'quote') return `quote(${shape(block.blocks)})`;
      const items = block.items.map(
        ({ paragraph, blocks: inner }) => `${wordsOf(paragraph)}${inner.length > 0 ? `[${shape(inner)}]` : ''}`,
      );
      return `${block.style}${block.start === 1 ? '' : block.start}(${items.join(' ')})`;
    })
    .join(' ');
}

describe('blocks', () => {
  it('put what is further in below the item before it', () => {
    const items = [
      line('a', 'bulleted'),
      line('b', 'bulleted', 1),
      line('c', 'numbered', 2),
      line('d', 'bulleted'),
      line('e', 'dashed'),
    ];
    assert.equal(shape(blocksOf(items)), 'bulleted(a[bulleted(b[numbered(c)])] d) dashed(e)');
  });

  it('have a place for a list that begins further in', () => {
    assert.equal(shape(blocksOf([line('a', 'dashed', 2), line('b', 'dashed')])), 'dashed([dashed([dashed(a)])] b)');
  });

  it('number from where the list begins', () => {
    assert.equal(shape(blocksOf([line('a', 'numbered', 0, { startsAt: 3 }), line('b', 'numbered')])), 'numbered3(a b)');
  });

  it('keep lines of code together, and quotes with what is in them', () => {
    const quoted = { quoted: true } as const;
    const paragraphs = [
      line('a', 'monospaced'),
      line('b', 'monospaced'),
      line('c'),
      line('d', 'body', 0, quoted),
      line('e', 'bulleted', 0, quoted),
    ];
    assert.equal(shape(blocksOf(paragraphs)), 'code(a/b) c quote(d bulleted(e))');
  });

  it('hold every paragraph, however deep', () => {
    const deep = Array.from({ length: 200 }, (_, i) => line(String(i), 'bulleted', i % 33));
    assert.equal((shape(blocksOf(deep)).match(/\d+/g) ?? []).length, 200);
  });
});
