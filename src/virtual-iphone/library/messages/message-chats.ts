/** Chats and the people in them, as Messages writes them. */
import type { Database } from '../../../database/index.ts';
import { encodeBinaryPlist, PlistReal } from '../../../formats/index.ts';
import type { Chat } from './message-rows.ts';
import type { Person } from '../people.ts';
import type { Random } from '../random.ts';
import { insert, type RowValues } from '../sqlite.ts';

/** Somebody in a chat: the row of their handle and who they are. */
export interface Member {
  readonly handleId: number;
  readonly person: Person;
}

/** The handle of somebody, made when it is not there yet. */
export function addHandle(database: Database, person: Person, service: string, id = person.phone): Member {
  const known = database.prepare('SELECT ROWID AS id FROM handle WHERE id = ? AND service = ?').get(id, service);
  if (known) return { handleId: Number(known['id']), person };
  const values = {
    id,
    country: person.country,
    service,
    uncanonicalized_id: id,
    person_centric_id: person.phone.slice(1),
  };
  return { handleId: insert(database, 'handle', values), person };
}

export interface NewChat {
  readonly service: Chat['service'];
  readonly members: readonly Member[];
  readonly identifier: string;
  readonly name?: string | undefined;
  /** Columns beyond the usual. */
  readonly more?: RowValues;
}

/** Writes a chat and who is in it. */
export function addChat(database: Database, random: Random, ownerPhone: string, wanted: NewChat): Chat {
  const { service, members, identifier, name } = wanted;
  const isGroup = members.length > 1;
  const guid = `${service};${isGroup ? '+' : '-'};${identifier}`;
  const account = `P:${ownerPhone}`;
  const id = insert(database, 'chat', {
    guid,
    style: isGroup ? 43 : 45,
    state: 3,
    account_id: '6B1B1F4C-2F6E-4B53-9C0E-000000000001',
    properties: encodeBinaryPlist({ shouldForceToSMS: false, EMFlag: new PlistReal(0) }),
    chat_identifier: identifier,
    service_name: service,
    room_name: isGroup ? identifier : null,
    account_login: account,
    last_addressed_handle: ownerPhone,
    display_name: name ?? '',
    group_id: random.uuid(),
    ...wanted.more,
  });
  for (const { handleId } of members) insert(database, 'chat_handle_join', { chat_id: id, handle_id: handleId });
  return { id, guid, service, handleIds: members.map(({ handleId }) => handleId), account };
}
