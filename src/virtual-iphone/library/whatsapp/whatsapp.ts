import { after, cocoaSeconds, daysBefore, MINUTE_MS } from '../apple-time.ts';
import { makeCoreData, type CoreDataStore } from '../core-data.ts';
import type { Library } from '../library.ts';
import { fullName, type Person } from '../people.ts';
import type { Random } from '../random.ts';
import { phrase } from '../texts.ts';
import { CALL_HISTORY, CHAT_STORAGE, CONTACTS, LIDS } from './whatsapp-model.ts';
import { addMessage, DOMAIN, jidOf, lidOf, type NewMessage } from './whatsapp-rows.ts';
import { oddMessage } from './whatsapp-things.ts';

/** Messages of a private conversation; a group has twice as many. */
const MESSAGES_EACH = 40;

/** WhatsApp: conversations with what is sent in them, a group, calls, its copy of the address book. */
export function fillWhatsApp(library: Library): void {
  const { disk, now, people } = library;
  const random = library.random('whatsapp');
  const write = (name: string, bytes: Buffer): void => void disk.writeFile(DOMAIN, name, bytes, { modifiedAt: now });
  const friends = people.slice(0, 5);
  write(
    'ChatStorage.sqlite',
    makeCoreData(CHAT_STORAGE, random.uuid(), (store) => {
      for (const friend of friends.slice(0, 3)) addPrivateChat(library, random, store, friend);
      addGroup(library, random, store, friends);
      store.add('WAProfilePushName', 'ZWAPROFILEPUSHNAME', {
        ZJID: jidOf(friends[4] ?? people[0]),
        ZPUSHNAME: 'Mo 🌻',
      });
    }),
  );
  write(
    'ContactsV2.sqlite',
    makeCoreData(CONTACTS, random.uuid(), (store) => addContacts(random, store, friends.slice(0, 4), now)),
  );
  write(
    'CallHistory.sqlite',
    makeCoreData(CALL_HISTORY, random.uuid(), (store) => addCalls(library, random, store, friends)),
  );
  write(
    'LID.sqlite',
    makeCoreData(LIDS, random.uuid(), (store) => {
      for (const friend of friends) {
        const phone = friend.phone.slice(1);
        store.add('WAZAccount', 'ZWAZACCOUNT', {
          ZIDENTIFIER: lidOf(friend),
          ZPHONENUMBER: phone,
          ZCREATEDAT: cocoaSeconds(now),
        });
      }
    }),
  );
}

function addPrivateChat(library: Library, random: Random, store: CoreDataStore, friend: Person): void {
  const { now } = library;
  const chat = store.add('WAChatSession', 'ZWACHATSESSION', {
    ZSESSIONTYPE: 0,
    ZARCHIVED: 0,
    ZREMOVED: 0,
    ZUNREADCOUNT: 0,
    ZCONTACTJID: jidOf(friend),
    ZPARTNERNAME: fullName(friend),
    ZLASTMESSAGEDATE: cocoaSeconds(now),
    ZMESSAGECOUNTER: MESSAGES_EACH,
  });
  const common = { chat, chatJid: jidOf(friend) };
  let at = daysBefore(now, 60);
  addMessage(store, random, { ...common, sort: 1, type: 10, event: 2, at });
  let last: NewMessage | undefined;
  for (let sort = 2; sort <= MESSAGES_EACH; sort++) {
    at = after(at, random.between(1, 2000) * MINUTE_MS);
    const isFromMe = random.chance(0.5);
    const odd = oddMessage(library, random, { friend, sort, at, last });
    const message = { ...common, sort, at, isFromMe, text: phrase(random, friend.language), ...odd };
    last = addMessage(store, random, message);
  }
}

/** A group in which one is known by an identifier that hides the number. */
function addGroup(library: Library, random: Random, store: CoreDataStore, friends: readonly Person[]): void {
  const { now } = library;
  const chatJid = `120363${random.digits(12)}@g.us`;
  const chat = store.add('WAChatSession', 'ZWACHATSESSION', {
    ZSESSIONTYPE: 1,
    ZARCHIVED: 1,
    ZREMOVED: 0,
    ZUNREADCOUNT: 3,
    ZCONTACTJID: chatJid,
    ZPARTNERNAME: 'Familie Möller & Freunde 🏡',
    ZLASTMESSAGEDATE: cocoaSeconds(daysBefore(now, 1)),
    ZMESSAGECOUNTER: 2 * MESSAGES_EACH,
  });
  store.add('WAGroupInfo', 'ZWAGROUPINFO', { ZCHATSESSION: chat, ZCREATIONDATE: cocoaSeconds(daysBefore(now, 300)) });
  const members = friends.map((friend, i) =>
    store.add('WAGroupMember', 'ZWAGROUPMEMBER', {
      ZCHATSESSION: chat,
      ZMEMBERJID: i < 2 ? lidOf(friend) : jidOf(friend),
      ZISADMIN: i === 0,
      ZISACTIVE: i !== 3,
      ZCONTACTNAME: '',
    }),
  );
  let at = daysBefore(now, 30);
  addMessage(store, random, {
    chat,
    chatJid,
    sort: 1,
    type: 6,
    event: 12,
    at,
    ...(members[0] && { member: members[0] }),
  });
  for (let sort = 2; sort <= 2 * MESSAGES_EACH; sort++) {
    at = after(at, random.between(1, 500) * MINUTE_MS);
    const isFromMe = random.chance(0.25);
    const text = phrase(random, random.pick(friends).language);
    addMessage(store, random, {
      chat,
      chatJid,
      sort,
      at,
      isFromMe,
      text,
      ...(!isFromMe && { member: random.pick(members) }),
    });
  }
}

function addContacts(random: Random, store: CoreDataStore, friends: readonly Person[], now: Date): void {
  for (const friend of friends) {
    store.add('WAAddressBookContact', 'ZWAADDRESSBOOKCONTACT', {
      ZFULLNAME: fullName(friend),
      ZGIVENNAME: friend.first,
      ZPHONENUMBER: friend.phone,
      ZPHONENUMBERLABEL: '_$!<Mobile>!$_',
      ZWHATSAPPID: jidOf(friend),
      ZLID: lidOf(friend),
      ZIDENTIFIER: random.uuid(),
      ZABOUTTEXT: phrase(random, friend.language),
      ZABOUTTIMESTAMP: cocoaSeconds(daysBefore(now, random.between(1, 400))),
    });
  }
}

function addCalls({ now, owner }: Library, random: Random, store: CoreDataStore, friends: readonly Person[]): void {
  for (let i = 0; i < 6; i++) {
    const friend = random.pick(friends);
    const isIncoming = random.chance(0.5);
    const isMissed = isIncoming && random.chance(0.3);
    const date = cocoaSeconds(daysBefore(now, 40 - i));
    const group = store.add('WAAggregateCallEvent', 'ZWAAGGREGATECALLEVENT', {
      ZINCOMING: isIncoming,
      ZMISSED: isMissed,
      ZVIDEO: random.chance(0.4),
      ZFIRSTDATE: date,
    });
    const call = store.add('WACDCallEvent', 'ZWACDCALLEVENT', {
      Z1CALLEVENTS: group,
      ZDATE: date,
      ZDURATION: isMissed ? 0 : random.between(5, 2000) + 0.25,
      ZOUTCOME: isMissed ? 1 : 0,
      ZCALLIDSTRING: random.bytes(16).toString('hex').toUpperCase(),
      ZGROUPCALLCREATORUSERJIDSTRING: isIncoming ? jidOf(friend) : `${owner.phone.slice(1)}@s.whatsapp.net`,
    });
    store.add('WACDCallEventParticipant', 'ZWACDCALLEVENTPARTICIPANT', {
      Z1PARTICIPANTS: call,
      ZJIDSTRING: jidOf(friend),
    });
  }
}
