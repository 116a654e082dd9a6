/**
 * Reads a version as the web interface does, in a process of its own: `node browse.ts photos|messages FOLDER STATE_FOLDER`. Prints what
 * each step took, the longest time in which nothing else could run, and the peak of memory, as JSON.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { folderSource, openBackup } from '../../src/snapshot/index.ts';
import { Unlocked } from '../../src/service/browsing/unlocked.ts';
import { listConversations } from '../../src/service/browsing/messages/conversation-list.ts';
import { conversationMonths, readConversation } from '../../src/service/browsing/messages/conversation-pages.ts';
import { listPhotos, photoDays, photoPlaces } from '../../src/service/browsing/photos/photo-pages.ts';
import { photoThumbnail } from '../../src/service/browsing/photos/photo-content.ts';
import { PictureShop } from '../../src/service/browsing/pictures/picture-shop.ts';
import { searchIndexIn } from '../../src/service/browsing/search.ts';
import { readShelf } from '../../src/service/browsing/shelf.ts';
import { PhotoDays } from '../../src/contract/index.ts';
import type { SnapshotRecord } from '../../src/vault/index.ts';

const [what = '', folder = '', stateDir = ''] = process.argv.slice(2);
const steps: Record<string, number> = {};
let longestBlockMs = 0;

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startedMs = performance.now();
  const result = await work();
  steps[name] = Math.round((performance.now() - startedMs) * 10) / 10;
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  longestBlockMs = Math.max(longestBlockMs, delay.max / 1e6);
  steps[`${name}, longest block`] = Math.round(delay.max / 1e6);
  steps[`${name}, MB since the start`] = Math.round(process.resourceUsage().maxRSS / 1024);
  return result;
}

const backup = await openBackup(folderSource(folder));
const record = { id: 'be7c4000', udid: 'bench', encrypted: false } as SnapshotRecord; // all that is read of it
const unlocked = new Unlocked({ record, backup, closing: new AsyncDisposableStack(), nowMs: 0 });
const page = { from: 0, limit: 100 };

if (what === 'photos') {
  const days = await step('first: all photos of the library', () => photoDays(unlocked, 'library'));
  await step('all photos again', async () => PhotoDays.parse(await photoDays(unlocked, 'library')));
  steps['bytes of it'] = JSON.stringify(days).length;
  steps['photos'] = days.total;
  await step('100 summaries', () => listPhotos(unlocked, { from: Math.floor(days.total / 2), limit: 100 }));
  await step('places', () => photoPlaces(unlocked, { zoom: 4, west: -180, south: -90, east: 180, north: 90 }));
  const pictures = new PictureShop('/nonexistent');
  await step('100 small pictures', async () => {
    for (let n = 0; n < 100; n++) {
      // A few photos of the virtual iPhone have no picture.
      await photoThumbnail(unlocked, pictures, n, AbortSignal.timeout(60_000)).catch(() => undefined);
    }
  });
} else {
  const conversations = await step('first: conversations', () => listConversations(unlocked, page));
  const { id = '' } = conversations.items.toSorted((a, b) => b.messages - a.messages)[0] ?? {};
  const query = { limit: 60 };
  const newest = await step('first page of the largest', () => readConversation(unlocked, id, query));
  steps['messages in it'] = newest.conversation.messages;
  await step('page before', () => readConversation(unlocked, id, { ...query, before: newest.before }));
  await step('page around a day', () => readConversation(unlocked, id, { ...query, around: '2022-05-01T00:00:00Z' }));
  await step('months', () => conversationMonths(unlocked, id));
}
await step('shelf', () => readShelf(unlocked));
const beforeSearching = process.resourceUsage().maxRSS / 1024;
await step('first search: the index is made', () => searchIndexIn(unlocked, stateDir));
const index = await searchIndexIn(unlocked, stateDir);
await step('search', () => Promise.resolve(index.search('heute')));
process.stdout.write(`${JSON.stringify({ steps, longestBlockMs, peakMegabytes: beforeSearching })}\n`);
process.exit(0);
