import type { ExportFolder } from '../folder/export-folder.ts';
import { csv } from '../text/csv.ts';

/** What has another path than on the device: `DOMAIN/PATH` there, the path in the folder here. */
export interface Renamed {
  readonly was: string;
  readonly path: string;
}

/** What did not come out as it was: `DOMAIN/PATH`, and a word for why. */
export interface Trouble {
  readonly was: string;
  readonly problem: string;
}

/** Leaves lists of what is not as it was beside what was taken out. @returns their paths, of those that are needed */
export async function writeTables(
  folder: ExportFolder,
  renamed: readonly Renamed[],
  troubles: readonly Trouble[],
): Promise<{ renamedTable: string | undefined; problemTable: string | undefined }> {
  return {
    renamedTable: await table(folder, 'Renamed files.csv', ['on the device', 'here'], renamed, ({ was, path }) => [
      was,
      path,
    ]),
    problemTable: await table(folder, 'Problems.csv', ['on the device', 'problem'], troubles, ({ was, problem }) => [
      was,
      problem,
    ]),
  };
}

async function table<T>(
  folder: ExportFolder,
  name: string,
  header: readonly string[],
  rows: readonly T[],
  cellsOf: (row: T) => readonly string[],
): Promise<string | undefined> {
  if (rows.length === 0) return undefined;
  return (await folder.write([name], csv(header, rows.values().map(cellsOf)))).path;
}
