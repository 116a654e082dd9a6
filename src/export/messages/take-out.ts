import type { Conversation, Message, Messages } from '../../content/index.ts';
import type { ExportRequest } from '../kind.ts';
import { AttachmentCopies } from './attachment-copies.ts';
import { HeicViews } from './heic-views.ts';
import { Selection } from './selection.ts';
import { WallTimes } from './wall-times.ts';

/** What every format works with. */
export interface TakeOut {
  readonly request: ExportRequest;
  readonly messages: Messages;
  readonly selection: Selection;
  readonly copies: AttachmentCopies;
  readonly views: HeicViews;
  readonly times: WallTimes;
  /** Sentences about what could not be done. */
  readonly notes: string[];
}

export function prepare(request: ExportRequest, messages: Messages, withDeleted: boolean): TakeOut {
  return {
    request,
    messages,
    selection: new Selection(messages, request, withDeleted),
    copies: new AttachmentCopies(request.backup, request.folder),
    views: new HeicViews(request.backup, request.options.jpegCopies === true),
    times: new WallTimes(request.timeZone),
    notes: [],
  };
}

/** What people see as a message of its own: reactions stand with what they are about. */
export const isShown = ({ reaction }: Message): boolean => reaction === undefined || !reaction.hasTarget;

/** Everybody but the owner, with their addresses: "Anna (+49 151…, anna@…)"; of one whose name is the title only those. */
export function participantsWords({ participants, chats, title }: Conversation): string {
  return participants
    .map(({ name, person, address }) => {
      const same = chats.flatMap((chat) => chat.participants).filter((each) => each.person === person);
      const addresses = [...new Set([address, ...same.map((each) => each.address)])].join(', ');
      return name === undefined || (name === title && participants.length === 1) ? addresses : `${name} (${addresses})`;
    })
    .filter((words) => words !== title)
    .join('; ');
}

/** "iPhone von Anna, 3 May 2026" */
export function sourceWords({ request, times }: TakeOut): string {
  const { facts, info } = request.backup;
  const takenAt = facts?.date ?? info?.lastBackupAt;
  const name = facts?.deviceName ?? info?.deviceName ?? 'an iPhone';
  return takenAt === undefined ? `From a backup of ${name}` : `From the backup of ${name} of ${times.words(takenAt)}`;
}

/** "from 1 May 2025 to 3 June 2026", "on 1 May 2025", or nothing. */
export function periodWords({ firstAt, lastAt }: Conversation, times: WallTimes): string {
  if (firstAt === undefined || lastAt === undefined) return '';
  const [first, last] = [times.day(firstAt), times.day(lastAt)].map((day) => WallTimes.dayWords(day));
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}
