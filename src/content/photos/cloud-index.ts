import type { ContentDatabase } from '../source/content-database.ts';

/** What the phone's index says of one part of a photo. `undefined`: nothing. */
export type Whereabouts = 'in-cloud' | 'on-phone' | undefined;

/** A part of a photo, by what iOS numbers it: `ZDATASTORESUBTYPE`, and `ZTYPE` of older releases. */
const PART_BITS = { original: 1, raw: 17, 'live-video': 18 } as const;
export type PhotoPart = keyof typeof PART_BITS;

/** Tables that say it, the newer first, with the columns for the part, whether it is here and whether it is there. */
const SOURCES = [
  ['ZINTERNALRESOURCE', 'ZDATASTORESUBTYPE', 'ZLOCALAVAILABILITY', 'ZREMOTEAVAILABILITY'],
  ['ZCLOUDRESOURCE', 'ZTYPE', 'ZISLOCALLYAVAILABLE', 'ZISAVAILABLE'],
] as const;

/**
 * Where the parts of every photo are, by the key of its row. There are about eight rows for each photo; what is kept
 * of them is a number. A part is on the phone when any of its rows says so.
 */
export class CloudIndex {
  readonly #flags = new Map<number, number>();

  constructor(database: ContentDatabase) {
    for (const [table, part, local, remote] of SOURCES) {
      if (!database.has(table, 'ZASSET') || !database.has(table, part) || !database.has(table, local)) continue;
      const there = database.has(table, remote) ? `ifnull(${remote}, 0) > 0` : '0';
      const sql = `SELECT CAST(ZASSET AS REAL) AS asset, CAST(${part} AS REAL) AS part, ifnull(${local}, 0) > 0 AS here,
        ${there} AS there FROM ${table} WHERE ${part} IN (${Object.values(PART_BITS).join(', ')})`;
      for (const row of database.rows(sql)) {
        const asset = Number(row['asset']);
        const bits = (row['here'] === 1 ? 1 : 0) | (row['there'] === 1 || row['here'] !== 1 ? 2 : 0);
        this.#flags.set(asset, (this.#flags.get(asset) ?? 0) | (bits << shiftOf(Number(row['part']))));
      }
    }
  }

  /** @param asset key of the row of the photo. */
  whereIs(asset: number, part: PhotoPart): Whereabouts {
    const bits = ((this.#flags.get(asset) ?? 0) >> shiftOf(PART_BITS[part])) & 3;
    return bits === 0 ? undefined : (bits & 1) !== 0 ? 'on-phone' : 'in-cloud';
  }
}

const shiftOf = (part: number): number => Object.values(PART_BITS).findIndex((each) => each === part) * 2;
