/**
 * Has what tests load kept compiled, as bin/holdfast.js keeps it: `node --import ./test/keep-compiled.ts --test …`. Not by
 * the variable of Node.js, which the programs that tests start would inherit.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'holdfast'));
