import { z } from 'zod';
import { ReminderPlace, Reminders, RemindersQuery } from '../../../contract/index.ts';
import { SNAPSHOT_CONTENT } from '../../access.ts';
import { readVersion } from '../../content/read-version.ts';
import { route } from '../../route.ts';
import { KEY, SNAPSHOT_PARAMS } from './params.ts';

export const reminderRoutes = [
  route({
    method: 'GET',
    path: '/snapshots/:id/reminders',
    summary: 'Reminders of a list or of all, what is open first; and the lists.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: RemindersQuery,
    answer: Reminders,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.listReminders(unlocked, call.query)),
  }),
  route({
    method: 'GET',
    path: '/snapshots/:id/reminders/place',
    summary: 'In which list a reminder is, and where: for what a search has found.',
    access: SNAPSHOT_CONTENT,
    params: SNAPSHOT_PARAMS,
    query: z.object({ reminder: KEY }),
    answer: ReminderPlace,
    handle: (call) => readVersion(call, ({ from, unlocked }) => from.placeOfReminder(unlocked, call.query.reminder)),
  }),
];
