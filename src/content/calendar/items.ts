import type { ContentItem } from '../source/content-item.ts';
import type { Calendars } from './calendar.ts';
import { momentOfTime } from './time.ts';

/** Events for searching, and for following them from backup to backup. */
export function* calendarItems(calendars: Calendars): Generator<ContentItem, undefined> {
  for (const event of calendars.events()) {
    const people = [event.organizer, ...event.attendees].flatMap((each) => [each?.name, each?.email]);
    const place = [event.location?.title, event.location?.address];
    yield {
      kind: 'calendar',
      key: event.key,
      at: momentOfTime(event.start),
      title: event.title ?? '',
      text: [event.title, event.notes, ...place, ...people, event.url].filter(Boolean).join('\n'),
    };
  }
}
