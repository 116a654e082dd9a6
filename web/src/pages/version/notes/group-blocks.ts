import type { NoteBlock } from '../../../../../src/contract/index.ts';

const LISTS = ['bulleted', 'dashed', 'numbered', 'checklist'] as const;
export type ListStyle = (typeof LISTS)[number];

/** Lines of one kind that stand together: a list, a piece of code, or a single paragraph. */
export type BlockGroup =
  | { readonly kind: 'list'; readonly style: ListStyle; readonly start: number; readonly items: ListItem[] }
  | { readonly kind: 'code'; readonly blocks: NoteBlock[] }
  | { readonly kind: 'paragraph'; readonly block: NoteBlock };

export interface ListItem {
  readonly block: NoteBlock;
  /** Lists below this line. */
  readonly below: BlockGroup[];
}

/** Puts the lines of a note into lists within lists, as their indents say. */
export function groupBlocks(blocks: readonly NoteBlock[], indent = 0): BlockGroup[] {
  const groups: BlockGroup[] = [];
  for (let at = 0; at < blocks.length;) {
    const block = blocks[at];
    if (block === undefined) break;
    const style = listStyleOf(block);
    if (style === undefined) {
      addLine(groups, block);
      at += 1;
      continue;
    }
    const below = takeBelow(blocks, at + 1, Math.max(indent, block.indent));
    const item = { block, below: groupBlocks(below, indent + 1) };
    const last = groups.at(-1);
    // A number that is set anew begins another list.
    if (last?.kind === 'list' && last.style === style && block.startsAt === undefined) last.items.push(item);
    else groups.push({ kind: 'list', style, start: block.startsAt ?? 1, items: [item] });
    at += 1 + below.length;
  }
  return groups;
}

/** The lines of lists that follow and are indented further. */
function takeBelow(blocks: readonly NoteBlock[], from: number, indent: number): NoteBlock[] {
  const below: NoteBlock[] = [];
  for (const block of blocks.slice(from)) {
    if (listStyleOf(block) === undefined || block.indent <= indent) break;
    below.push(block);
  }
  return below;
}

function addLine(groups: BlockGroup[], block: NoteBlock): void {
  const last = groups.at(-1);
  if (block.style !== 'monospaced') groups.push({ kind: 'paragraph', block });
  else if (last?.kind === 'code') last.blocks.push(block);
  else groups.push({ kind: 'code', blocks: [block] });
}

function listStyleOf({ style }: NoteBlock): ListStyle | undefined {
  return LISTS.find((each) => each === style);
}
