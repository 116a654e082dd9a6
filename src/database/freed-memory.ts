import { DatabaseSync } from 'node:sqlite';

/**
 * Gives back to the system what the C library keeps of memory that was freed. By itself it gives back only the end of its
 * heap, and something that stays always comes to lie there: after a night of backups two fifths of the heap are holes.
 *
 * Nothing in Node.js calls `malloc_trim` but what loads extensions of SQLite, which calls a function of a library as the
 * beginning of one. Its first argument, here an address, tells how much to leave at the end of the heap: all of it, which
 * is given back anyway. The others are not looked at. Its answer 1, "something was given back", is taken for an extension
 * that could not begin. Where the C library is another, there is nothing to call, and nothing happens.
 */
export function giveFreedMemoryBack(): void {
  if (process.platform !== 'linux') return;
  using database = new DatabaseSync(':memory:', { allowExtension: true });
  try {
    database.loadExtension('libc.so.6', 'malloc_trim');
  } catch (error) {
    if (!isRefusedExtension(error)) throw error;
  }
}

function isRefusedExtension(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_LOAD_SQLITE_EXTENSION';
}
