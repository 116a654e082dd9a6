import { z } from 'zod';
import {
  FileContentQuery,
  FileDomains,
  FindFilesQuery,
  Folder,
  FolderQuery,
  FoundFiles,
} from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { contentAnswer } from '../../content/content-answer.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { BYTES, SNAPSHOT_PARAMS } from './params.ts';

export const fileRoutes = [
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
];
