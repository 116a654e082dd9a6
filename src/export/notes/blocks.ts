import type { NoteParagraph } from '../../content/index.ts';

/** Paragraphs as the blocks that pages are made of: lists in lists, quotes, code. */
export type Block =
  | { readonly kind: 'paragraph'; readonly paragraph: NoteParagraph }
  | { readonly kind: 'list'; readonly style: ListStyle; readonly start: number; readonly items: readonly ListItem[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'code'; readonly lines: readonly NoteParagraph[] };

export type ListStyle = 'bulleted' | 'dashed' | 'numbered' | 'checklist';

export interface ListItem {
  /** Undefined where a list begins further in than what is before it. */
  readonly paragraph: NoteParagraph | undefined;
  readonly blocks: readonly Block[];
}

export function blocksOf(paragraphs: readonly NoteParagraph[]): Block[] {
  return grouped(paragraphs, ({ quoted }) => quoted === true).flatMap((group) =>
    group[0]?.quoted ? [{ kind: 'quote' as const, blocks: plainBlocks(group) }] : plainBlocks(group),
  );
}

function plainBlocks(paragraphs: readonly NoteParagraph[]): Block[] {
  return grouped(paragraphs, kindOf).flatMap((group): Block[] => {
    const kind = group[0] && kindOf(group[0]);
    if (kind === 'list') return listsOf(group, 0);
    if (kind === 'code') return [{ kind: 'code', lines: group }];
    return group.map((paragraph) => ({ kind: 'paragraph', paragraph }));
  });
}

function kindOf(paragraph: NoteParagraph): 'list' | 'code' | 'text' {
  if (listStyleOf(paragraph) !== undefined) return 'list';
  // A picture between two lines of code is not code.
  const isText = paragraph.spans.every((span) => 'text' in span);
  return paragraph.style === 'monospaced' && isText ? 'code' : 'text';
}

function listStyleOf({ style }: NoteParagraph): ListStyle | undefined {
  return style === 'bulleted' || style === 'dashed' || style === 'numbered' || style === 'checklist'
    ? style
    : undefined;
}

/** Items of lists that follow each other; what is further in than `level` belongs to the item before it. */
function listsOf(paragraphs: readonly NoteParagraph[], level: number): Block[] {
  const lists: {
    kind: 'list';
    style: ListStyle;
    start: number;
    items: { paragraph: NoteParagraph | undefined; blocks: Block[] }[];
  }[] = [];
  for (let at = 0; at < paragraphs.length;) {
    const paragraph = paragraphs[at];
    const style = paragraph && listStyleOf(paragraph);
    if (paragraph === undefined || style === undefined) break;
    let list = lists.at(-1);
    if (paragraph.indent > level) {
      let end = at;
      while ((paragraphs[end]?.indent ?? 0) > level) end++;
      if (list === undefined) lists.push((list = { kind: 'list', style, start: 1, items: [] }));
      if (list.items.length === 0) list.items.push({ paragraph: undefined, blocks: [] });
      list.items.at(-1)?.blocks.push(...listsOf(paragraphs.slice(at, end), level + 1));
      at = end;
      continue;
    }
    if (list?.style !== style) lists.push((list = { kind: 'list', style, start: paragraph.startsAt ?? 1, items: [] }));
    list.items.push({ paragraph, blocks: [] });
    at++;
  }
  return lists;
}

/** Runs of neighbours that are alike. */
function grouped<T>(values: readonly T[], likeness: (value: T) => unknown): T[][] {
  const groups: T[][] = [];
  let last: unknown;
  for (const value of values) {
    const own = likeness(value);
    const group = groups.at(-1);
    if (group !== undefined && own === last) group.push(value);
    else groups.push([value]);
    last = own;
  }
  return groups;
}
