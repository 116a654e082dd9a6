import { test } from 'node:test';
import { run as fuzzAgendas } from '../fuzz/agenda.ts';
import { run as fuzzConversations } from '../fuzz/conversation.ts';
import { run as fuzzContents } from '../fuzz/deep.ts';
import { run as fuzzEntries } from '../fuzz/entry.ts';
import { run as fuzzKeybags } from '../fuzz/keybag.ts';
import { run as fuzzLayouts } from '../fuzz/layouts.ts';
import { run as fuzzManifests } from '../fuzz/manifest.ts';
import { run as fuzzPeople } from '../fuzz/people.ts';
import { run as fuzzNotes } from '../fuzz/notes.ts';
import { run as fuzzLists } from '../fuzz/plist.ts';
import { run as fuzzMessages } from '../fuzz/protobuf.ts';
import { run as fuzzVaults } from '../fuzz/vault.ts';
import { run as fuzzKeychains } from '../fuzz/keychain.ts';
import { run as fuzzPrivateDatabases } from '../fuzz/private-databases.ts';
import { run as fuzzMedia } from '../fuzz/media.ts';
import { run as fuzzPhotos } from '../fuzz/photos.ts';

/** `npm run fuzz` plays thousands. */
const SEED = 300_000;

test('damaged property lists are read or refused', () => fuzzLists(300, SEED));
test('damaged manifests are read or refused', () => fuzzManifests(200, SEED));
test('damaged entries of a manifest are read or refused', () => fuzzEntries(500, SEED));
test('damaged keybags and lists of a backup are read or refused', () => fuzzKeybags(300, SEED));
test('damaged contents have an outcome', () => fuzzContents(300, SEED));
test('damaged conversations end in good order or with an expected error', () => fuzzConversations(200, SEED));
test('damage to a vault is found, and wrong bytes are never handed out', () => fuzzVaults(40, SEED));
test('damaged address books, calls, voicemail and the like are read or refused', () => fuzzPeople(300, SEED));
test('damaged items of the keychain never open as something else', () => fuzzKeychains(200, SEED));
test('damaged databases of WhatsApp and Health are read or refused', () => fuzzPrivateDatabases(300, SEED));
test('damaged protobuf messages are read or refused', () => fuzzMessages(300, SEED));
test('damaged notes are read or refused', () => fuzzNotes(300, SEED));
test('damaged calendars, reminders, Safari and the like are read or refused', () => fuzzAgendas(300, SEED));
test('damaged pictures, films and recordings are read or left', () => fuzzMedia(2000, SEED));
test('damaged photo libraries are read as far as they go', () => fuzzPhotos(300, SEED));
test('databases laid out as other releases may do it are read or refused', () => fuzzLayouts(100, SEED));
