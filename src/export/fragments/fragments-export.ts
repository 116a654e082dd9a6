import { recoverFragments, type RecoveredFragment } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';

const HEADER = ['Kind', 'Time', 'What', 'Text', 'Earlier state of something still there', 'Found in', 'Table'];
const NOTE =
  'These are fragments found in the free space of databases: nothing says when they were deleted, and parts may be missing.';

/** Rows that the databases of a backup no longer have. */
export const fragmentsExport: ContentExport = {
  kind: 'fragments',
  title: 'Recovered fragments',
  formats: ['csv', 'json'],
  run: takeOutFragments,
};

async function takeOutFragments({ backup, folder, format, signal }: ExportRequest): Promise<ExportSummary | undefined> {
  const found: RecoveredFragment[] = [];
  for await (const fragment of recoverFragments(backup)) {
    signal.throwIfAborted();
    found.push(fragment);
  }
  if (found.length === 0) return undefined;
  if (format === 'json') {
    await folder.write(
      ['fragments.json'],
      jsonArray(found.map((each) => ({ ...each, values: Object.fromEntries(each.values) }))),
    );
    return { items: found.length, notes: [NOTE], startPage: 'fragments.json' };
  }
  await folder.write(['fragments.csv'], csv(HEADER, found.map(row)));
  return { items: found.length, notes: [NOTE], startPage: 'fragments.csv' };
}

const row = ({ kind, at, title, text, isEarlierState, foundIn, table }: RecoveredFragment) =>
  [kind, at, title, text, isEarlierState ? 'yes' : 'no', foundIn, table] as const;
