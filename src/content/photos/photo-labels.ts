import { quoted, type ContentDatabase } from '../source/content-database.ts';
import type { PhotoSchema } from './photo-schema.ts';

/** Words by the key of what they belong to; undefined where this iOS keeps none. */
export type Labels = ReadonlyMap<number, readonly string[]> | undefined;

/** Keywords, by the key of the attributes of a photo. */
export function keywordsOf(database: ContentDatabase, { keywords }: PhotoSchema): Labels {
  if (keywords === undefined || !database.has('ZKEYWORD', 'ZTITLE')) return undefined;
  const [table, left, right] = [keywords.table, keywords.left, keywords.right].map(quoted);
  return grouped(
    database,
    `SELECT CAST(j.${left} AS REAL) AS key, k.ZTITLE AS word FROM ${table} j JOIN ZKEYWORD k ON k.Z_PK = j.${right}`,
  );
}

/** Columns of a face: which photo it is in, and whose it is. Renamed in iOS 17. */
const FACE_COLUMNS = [
  ['ZASSETFORFACE', 'ZPERSONFORFACE'],
  ['ZASSET', 'ZPERSON'],
] as const;

/** Names of the people in a photo, by the key of the photo. Faces nobody named are left out. */
export function peopleOf(database: ContentDatabase): Labels {
  const columns = FACE_COLUMNS.find((each) => each.every((column) => database.has('ZDETECTEDFACE', column)));
  const names = ['ZFULLNAME', 'ZDISPLAYNAME'].filter((column) => database.has('ZPERSON', column));
  if (columns === undefined || names.length === 0) return undefined;
  const [asset, person] = columns;
  const name = names.map((column) => `nullif(p.${column}, '')`).join(', ');
  const word = names.length === 1 ? name : `coalesce(${name})`;
  return grouped(
    database,
    `SELECT DISTINCT CAST(f.${asset} AS REAL) AS key, ${word} AS word FROM ZDETECTEDFACE f
      JOIN ZPERSON p ON p.Z_PK = f.${person} WHERE ${word} IS NOT NULL AND f.${asset} IS NOT NULL`,
  );
}

/** What was written under a photo of a shared album when it was shared, by the key of the photo. */
export function captionsOf(database: ContentDatabase): Labels {
  const columns = ['ZCOMMENTEDASSET', 'ZCOMMENTTEXT', 'ZISCAPTION'];
  if (!columns.every((column) => database.has('ZCLOUDSHAREDCOMMENT', column))) return undefined;
  return grouped(
    database,
    `SELECT CAST(ZCOMMENTEDASSET AS REAL) AS key, ZCOMMENTTEXT AS word FROM ZCLOUDSHAREDCOMMENT
      WHERE ZISCAPTION = 1 AND ZCOMMENTEDASSET IS NOT NULL`,
  );
}

function grouped(database: ContentDatabase, sql: string): Map<number, string[]> {
  const words = new Map<number, string[]>();
  for (const { key, word } of database.rows(sql)) {
    if (typeof word !== 'string' || word === '') continue;
    const known = words.get(Number(key));
    if (known === undefined) words.set(Number(key), [word]);
    else if (!known.includes(word)) known.push(word);
  }
  return words;
}
