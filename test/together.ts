/**
 * Runs tests in this process: `node test/together.ts 1/2 'src/**\/*.test.ts'` every second file of these. As
 * `node --test --test-isolation=none` does, but for this: there what a file asks for before or after each of its tests
 * is done for each test of all files. Here a file is a suite, and has what is in it for itself.
 */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'node:test';

const [part = '', ...patterns] = process.argv.slice(2);
const [nth = 0, of = 0] = part.split('/').map(Number);
const files = globSync(patterns)
  .toSorted()
  .filter((_, at) => at % of === nth - 1);
if (files.length === 0) throw new Error(`there are no tests in part ${part} of ${patterns.join(' ')}`);
for (const file of files) describe(file, () => import(resolve(file)));
