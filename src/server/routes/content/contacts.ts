import { z } from 'zod';
import { Contact, Contacts, PageQuery } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { contentAnswer } from '../../content/content-answer.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { BYTES, KEY, SNAPSHOT_PARAMS } from './params.ts';

export const contactRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/contacts',
    summary: 'People by name, linked cards as one; `q` looks for names, numbers and addresses.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: PageQuery.extend({ q: z.string().max(100).optional() }),
    answer: Contacts,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listContacts(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/contacts/:contact',
    summary: 'Everything on the card of one person.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ contact: KEY }),
    answer: Contact,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.readContact(unlocked, call.params.contact)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/contacts/:contact/photo',
    summary: 'The picture of a person, `size=small` as lists show it.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS.extend({ contact: KEY }),
    query: z.object({ size: z.enum(['small', 'full']).default('full') }),
    answer: BYTES,
    handle: (call) =>
      readVersion(call, async ({ from, unlocked }) => {
        const photo = await from.contactPhoto(unlocked, call.params.contact, call.query.size === 'small');
        return contentAnswer(photo, unlocked, call.request);
      }),
  }),
];
