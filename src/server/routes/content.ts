/** Opening and locking versions, what is in them, files, searching. */
import { z } from 'zod';
import {
  ContentLock,
  FileContentQuery,
  FileDomains,
  FindFilesQuery,
  Folder,
  FolderQuery,
  FoundFiles,
  KeptPasswordUse,
  SearchQuery,
  SearchResult,
  Shelf,
  UnlockContent,
} from '../../contract/index.ts';
import { DEVICE_CONTENT, SNAPSHOT_CONTENT } from '../access.ts';
import { tryBackupPassword } from '../backup-passwords.ts';
import { contentAnswer } from '../content/content-answer.ts';
import { readVersion } from '../content/read-version.ts';
import { route } from '../route.ts';

export const SNAPSHOT_PARAMS = z.object({ id: z.string().min(1).max(64) });
export const BYTES = { raw: 'application/octet-stream' } as const;

export const contentRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/lock',
    summary: 'Whether the content of a version is open for this session, and what opens it.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: ContentLock,
    async handle({ params, principal, context }) {
      const { browsing } = await context.browsing.get();
      return browsing.stateOf(context.browsing.visitorOf(principal), params.id);
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/unlock',
    summary: 'Opens the content of a version for this session with its backup password. Takes some seconds.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    body: UnlockContent,
    answer: ContentLock,
    async handle({ params, body: { password }, principal, context }) {
      const { browsing } = await context.browsing.get();
      const unlock = (): Promise<ContentLock> =>
        browsing.unlock(context.browsing.visitorOf(principal), params.id, password);
      if (password === undefined) return unlock();
      const { udid } = await browsing.record(params.id);
      return tryBackupPassword({ principal, context }, udid, unlock, ({ needsPassword }) => needsPassword);
    },
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/lock',
    summary: 'Locks it again: the keys are wiped, whatever is being sent ends.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: ContentLock,
    async handle({ params, principal, context }) {
      const { browsing } = await context.browsing.get();
      const visitor = context.browsing.visitorOf(principal);
      await browsing.lock(visitor, params.id);
      return browsing.stateOf(visitor, params.id);
    },
  }),
  route({
    method: 'GET',
    path: '/devices/:udid/kept-password',
    summary: 'Whether the backup password kept on this computer opens versions of a device for this account.',
    access: DEVICE_CONTENT,
    params: z.object({ udid: z.string().min(1).max(64) }),
    answer: z.object({ useKept: z.boolean() }),
    async handle({ params, principal, context }) {
      const { browsing } = await context.browsing.get();
      return { useKept: browsing.usesKeptPassword(context.browsing.visitorOf(principal), params.udid) };
    },
  }),
  route({
    method: 'PUT',
    path: '/devices/:udid/kept-password',
    summary: 'Lets the kept backup password open versions for this account, or not. To allow it takes the password.',
    access: DEVICE_CONTENT,
    scope: 'session',
    params: z.object({ udid: z.string().min(1).max(64) }),
    body: KeptPasswordUse,
    answer: z.object({ useKept: z.boolean() }),
    async handle({ params: { udid }, body: { useKept, password }, principal, context }) {
      const { browsing } = await context.browsing.get();
      const visitor = context.browsing.visitorOf(principal);
      const use = (): Promise<void> => browsing.useKeptPassword(visitor, udid, useKept, password);
      if (password === undefined || !useKept) await use();
      else await tryBackupPassword({ principal, context }, udid, use, () => false);
      return { useKept: browsing.usesKeptPassword(visitor, udid) };
    },
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/coverage',
    summary: 'What is in a version, kind by kind with counts, and what is not.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: Shelf,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readShelf(unlocked)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/files',
    summary: 'The parts a version consists of: apps and parts of the system.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: FileDomains,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listDomains(unlocked)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/files/folder',
    summary: 'What is in a folder, folders first, then by name.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: FolderQuery,
    answer: Folder,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listFolderPage(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/files/find',
    summary: 'Files by a part of their name, or by a pattern with * and ?.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: FindFilesQuery,
    answer: FoundFiles,
    handle: (call) => readVersion(call, ({ from, unlocked, signal }) => from.findFilesIn(unlocked, call.query, signal)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/files/content/:file',
    summary: 'The content of a file, whole or in ranges: as it was, as a browser shows it, or as a small picture.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ file: z.string().min(2).max(6000) }),
    query: FileContentQuery,
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async ({ from, unlocked, browsing, signal }) => {
        const { file } = call.params;
        const content = await from.fileContent(unlocked, browsing.pictures, file, call.query.as, signal);
        return contentAnswer(content, unlocked, call.request);
      }),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/search',
    summary: 'Searches a version, or all versions of its device that this session can open, for words.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: SearchQuery,
    answer: SearchResult,
    handle: (call) =>
      readVersion(call, ({ from, unlocked, browsing, visitor }) =>
        from.search(browsing, visitor, unlocked, call.query),
      ),
  }),
];
