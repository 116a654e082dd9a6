import { z } from 'zod';

/** A time of day, as clocks on a wall show it. */
export const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day: 22:30');

/** Between two times of a day; over midnight where `to` is the earlier. */
export const ClockWindow = z.object({ from: ClockTime, to: ClockTime });
