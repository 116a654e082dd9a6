/** Short lists of what was set up on the device. */
import { z } from 'zod';
import { moment, pageOf } from './common.ts';

/** By the clock: "06:30". */
const clock = z.string().regex(/^\d{2}:\d{2}$/);

/** An alarm of the Clock app, the one to wake up by, or a timer. */
export const ClockAlarm = z.object({
  id: z.string(),
  kind: z.enum(['alarm', 'sleep', 'timer']),
  label: z.string().optional(),
  /** Of alarms. Absent where it is not known. */
  time: clock.optional(),
  /** Of timers. */
  seconds: z.number().nonnegative().optional(),
  /** Empty for one that rings once; absent where it is not known, and for timers. */
  repeats: z.array(z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])).optional(),
  isOn: z.boolean().optional(),
  bedtime: clock.optional(),
});
export type ClockAlarm = z.infer<typeof ClockAlarm>;

/** Alarms as the day goes, then timers. */
export const ClockAlarms = pageOf(ClockAlarm);
export type ClockAlarms = z.infer<typeof ClockAlarms>;

/** Something the device was signed in to. Its password is not told. */
export const DeviceAccount = z.object({
  id: z.string(),
  /** As its owner called it, or the kind of it: "Work", "Gmail". Empty where neither is known. */
  title: z.string(),
  /** As the system calls its kind: "Gmail". */
  kind: z.string().optional(),
  user: z.string().optional(),
  addedAt: moment.optional(),
  /** What it brings, as Apple names it: "Mail", "Contacts", "Calendars". Parts of it counted too. */
  uses: z.array(z.string()),
});
export type DeviceAccount = z.infer<typeof DeviceAccount>;

/** Those that a person signs in to; what is only a part of one of them, or kept by the system for itself, is left out. */
export const DeviceAccounts = pageOf(DeviceAccount);
export type DeviceAccounts = z.infer<typeof DeviceAccounts>;

export const BlockedCaller = z.object({
  id: z.string(),
  /** Out of the address book. */
  name: z.string().optional(),
  /** A number or an address of mail. */
  address: z.string(),
});
export type BlockedCaller = z.infer<typeof BlockedCaller>;

/** As the device lists them. */
export const BlockedCallers = pageOf(BlockedCaller);
export type BlockedCallers = z.infer<typeof BlockedCallers>;
