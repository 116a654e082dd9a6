/** What is in a backup, as typed rows: schemas are looked up, never assumed. */
export { ContentDatabase, openContentDatabase, quoted, type Place } from './source/content-database.ts';
export type { ContentItem, ContentKind } from './source/content-item.ts';
