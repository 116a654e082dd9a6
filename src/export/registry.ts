import type { ContentExport } from './kind.ts';

/** Everything that can be taken out, in the order people look for it. */
export const CONTENT_EXPORTS: readonly ContentExport[] = [];
