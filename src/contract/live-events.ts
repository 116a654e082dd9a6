import { z } from 'zod';
import { Job } from './jobs.ts';
import { DeviceOverview } from './overview.ts';

/** What `GET /api/v1/events` sends, one JSON object per event. */
export const LiveEvent = z.discriminatedUnion('event', [
  /** A device came, went or changed. */
  z.object({ event: z.literal('device'), device: DeviceOverview }),
  /** A job began, went on or ended. */
  z.object({ event: z.literal('job'), job: Job }),
  /** Snapshots were added or removed: lists of this device are to be read again. */
  z.object({ event: z.literal('snapshots'), udid: z.string() }),
  /** Alarms, copies, settings, the checkup or what of accounts one may see changed, or a version was locked again. */
  z.object({
    event: z.literal('changed'),
    what: z.enum(['alarms', 'copies', 'settings', 'checkup', 'accounts', 'locks']),
    /** For `locks`: the version that this session had open and that is locked again. */
    snapshot: z.string().optional(),
  }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;
