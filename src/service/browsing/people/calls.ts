import type { Calls as ToldCalls, FileRef, PageQuery, Voicemails as ToldVoicemails } from '../../../contract/index.ts';
import { namesOfCall, type Call, type Voicemail } from '../../../content/index.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { fileRef } from '../files/file-ref.ts';
import { shownAsByName } from '../files/media-type.ts';
import { callsIn, namesIn, voicemailIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandKind, isoOf, orNone, pageFrom, textOrNone } from '../values.ts';

/** Newest first. A phone keeps a thousand calls at most. */
export async function listCalls(unlocked: Unlocked, query: PageQuery): Promise<ToldCalls> {
  const calls = demandKind(await callsIn(unlocked), 'list of calls');
  const newestFirst = await unlocked.once('all calls', () => Promise.resolve([...calls.all()].toReversed()));
  const contacts = await namesIn(unlocked);
  return pageFrom(newestFirst, query, (call: Call) => {
    const names = namesOfCall(call, contacts);
    return {
      id: call.key,
      at: isoOf(call.at),
      direction: call.direction,
      outcome: call.outcome,
      medium: call.medium,
      people: call.participants.map(({ address }, i) => ({ name: names[i] ?? address, address })),
      durationSeconds: orNone(call.durationSeconds),
      location: textOrNone(call.location),
      isEmergency: call.isEmergency === true ? true : undefined,
    };
  });
}

/** Newest first. */
export async function listVoicemail(unlocked: Unlocked, query: PageQuery): Promise<ToldVoicemails> {
  const voicemail = demandKind(await voicemailIn(unlocked), 'voice mail');
  const newestFirst = await unlocked.once('all voicemail', async () =>
    (await Array.fromAsync(voicemail.all())).toSorted((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0)),
  );
  const contacts = await namesIn(unlocked);
  return pageFrom(newestFirst, query, (message: Voicemail) => {
    const { recording } = message;
    const sender = textOrNone(message.sender) ?? textOrNone(message.callbackNumber);
    return {
      id: message.key,
      at: isoOf(message.at),
      from: sender === undefined ? undefined : { name: contacts?.nameFor(sender) ?? sender, address: sender },
      durationSeconds: orNone(message.durationSeconds),
      state: message.state,
      recording: recording.state === 'in-backup' ? recordingRef(recording.entry) : undefined,
      transcript: textOrNone(message.transcript?.text),
    };
  });
}

/** The network's messages are sound; those that were left with FaceTime may be films. */
function recordingRef(entry: ManifestEntry): FileRef {
  const extension = /\.[a-z0-9]{1,8}$/i.exec(entry.relativePath)?.[0].toLowerCase() ?? '.amr';
  const isFilm = shownAsByName(entry.relativePath) === 'film';
  return fileRef(entry, { name: `voicemail${extension}`, shownAs: isFilm ? 'film' : 'sound' });
}
