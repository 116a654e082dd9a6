import { z } from 'zod';
import { Alarm, AlarmChange, ChannelSecret, ChannelState } from '../../contract/index.ts';
import { ADMINISTRATOR, notAllowed, SIGNED_IN } from '../access.ts';
import { seesAlarm } from '../live/visible.ts';
import { route } from '../route.ts';

const params = z.object({ id: z.string().min(1).max(300) });

export const alarmRoutes = [
  route({
    method: 'GET',
    path: '/alarms',
    summary: 'What somebody should do something about, the gravest first.',
    access: SIGNED_IN,
    answer: z.array(Alarm),
    handle: ({ principal, context }) => context.service.alarms().filter((alarm) => seesAlarm(principal, alarm)),
  }),
  route({
    method: 'PATCH',
    path: '/alarms/:id',
    summary: 'Tell nobody of an alarm until then; null tells again.',
    access: SIGNED_IN,
    scope: 'operate',
    params,
    body: AlarmChange,
    answer: Alarm,
    handle({ params: { id }, body: { mutedUntil }, principal, context }) {
      const found = context.service.alarms().find((each) => each.id === id);
      if (found !== undefined && !seesAlarm(principal, found))
        throw notAllowed('this alarm is of a device that is not yours');
      const alarm = context.service.muteAlarm(id, mutedUntil === null ? undefined : new Date(mutedUntil));
      context.live.tell({ event: 'changed', what: 'alarms' });
      return alarm;
    },
  }),
  route({
    method: 'GET',
    path: '/alarms/channels',
    summary: 'How telling goes, over each channel.',
    access: ADMINISTRATOR,
    answer: z.array(ChannelState),
    handle: ({ context }) => context.service.alarmChannels(),
  }),
  route({
    method: 'POST',
    path: '/alarms/channels/:id/test',
    summary: 'Send a test message over a channel.',
    access: ADMINISTRATOR,
    params,
    body: z.object({}),
    answer: 'nothing',
    handle: ({ params: { id }, context }) => context.service.testAlarmChannel(id),
  }),
  route({
    method: 'PUT',
    path: '/alarms/channels/:id/secret',
    summary: 'Seal the password, token or secret address of a channel; null forgets it. It can never be read again.',
    access: ADMINISTRATOR,
    params,
    body: ChannelSecret,
    answer: 'nothing',
    handle: ({ params: { id }, body: { secret, part }, context }) =>
      context.service.setAlarmSecret(id, secret ?? undefined, part),
  }),
];
