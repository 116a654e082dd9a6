/** Adds copies called by its second argument to the list in the state folder that is its first, as fast as it can. */
import { randomUUID } from 'node:crypto';
import { addEntry, editEntry } from './registry.ts';

const [stateDir = '', name = ''] = process.argv.slice(2);
for (let each = 0; each < 15; each++) {
  addEntry(stateDir, {
    kind: 'folder',
    name: `${name}-${each}`,
    vaultId: '3f0e5c7b-1a52-4a8e-9a51-0f0b7f3f4b1d',
    addedAt: new Date(0).toISOString(),
    everyHours: 24,
    offSite: false,
    dir: '/media/disk',
    copyId: randomUUID(),
  });
  // All of them change one that is there already.
  editEntry(stateDir, 'shared', (entry) => ({ ...entry, everyHours: entry.everyHours + 1 }));
}
