import { z } from 'zod';
import { TakeOut, TakeOutFormats, TakeOutRequest, TakeOuts } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { dispositionOf, streamOf } from '../../content/content-answer.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { SNAPSHOT_PARAMS } from './params.ts';

const TAKE_OUT_PARAMS = SNAPSHOT_PARAMS.extend({ takeOut: z.string().min(1).max(64) });
/** Thousands of chosen photos. */
const MAX_CHOICE_BYTES = 2 * 1024 * 1024;

export const takeOutRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/take-out/formats',
    summary: 'What can be taken out, in which formats.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: TakeOutFormats,
    handle: (call) => readVersion(call, ({ from }) => from.takeOutFormats()),
  }),
  route({
    method: 'POST',
    path: '/snapshots/:id/take-out',
    summary: 'Takes files, photos or whole kinds of content out as a zip.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    body: TakeOutRequest,
    maxBodyBytes: MAX_CHOICE_BYTES,
    answer: TakeOut,
    status: 201,
    handle: (call) =>
      readVersion(call, ({ browsing, visitor, unlocked }) => browsing.takeOuts.start(visitor, unlocked, call.body)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/take-out',
    summary: 'Whole kinds being taken out or waiting to be loaded, for a page that was left.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    answer: TakeOuts,
    handle: (call) =>
      readVersion(call, async ({ browsing, visitor, unlocked }) => ({
        takeOuts: browsing.takeOuts.open(visitor, unlocked),
      })),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/take-out/:takeOut',
    summary: 'How far a take-out is.',
    access: SNAPSHOT_CONTENT,
    params: TAKE_OUT_PARAMS,
    answer: TakeOut,
    handle: (call) =>
      readVersion(call, async ({ browsing, visitor }) => browsing.takeOuts.state(visitor, call.params.takeOut)),
  }),
  route({
    method: 'DELETE',
    path: '/snapshots/:id/take-out/:takeOut',
    summary: 'Stops a take-out and removes what it has made.',
    access: SNAPSHOT_CONTENT,
    params: TAKE_OUT_PARAMS,
    answer: 'nothing',
    handle: (call) =>
      readVersion(call, async ({ browsing, visitor }) => browsing.takeOuts.stop(visitor, call.params.takeOut)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/take-out/:takeOut/zip',
    summary: 'The zip, made while it is sent.',
    access: SNAPSHOT_CONTENT,
    params: TAKE_OUT_PARAMS,
    answer: { raw: 'application/zip' },
    handle: (call) =>
      readVersion(call, async ({ browsing, visitor }) => {
        const { name, chunks, unlocked } = browsing.takeOuts.zip(visitor, call.params.takeOut);
        const headers = {
          'Cache-Control': 'private, no-store',
          'Content-Disposition': dispositionOf({ isInline: false, name }),
          'Content-Type': 'application/zip',
        };
        const isAsked = call.request.method !== 'HEAD';
        return new Response(isAsked ? streamOf(chunks, unlocked, call.request.signal) : null, { headers });
      }),
  }),
];
