import { readManifestPlist } from '../snapshot/index.ts';
import { isAppError } from '../shared/errors.ts';
import type { Draft, Vault } from '../vault/index.ts';
import { sourceIn } from './draft-source.ts';

/**
 * Opens the draft a backup goes into: the one an interrupted attempt left, unless nothing can be built on it.
 *
 * The first encrypted backup of a device, also after unencrypted ones, sends its keybag last. What arrived before
 * that can only be read with keys that are lost when the attempt dies, so such a draft is thrown away. So is any when
 * the person wants to start over.
 *
 * @param wanted.willEncrypt whether the device encrypts its backups.
 * @param wanted.full whether everything is to be sent again.
 */
export async function openUsableDraft(
  vault: Vault,
  udid: string,
  { willEncrypt, full }: { willEncrypt: boolean; full: boolean },
): Promise<Draft> {
  const draft = vault.openDraft(udid);
  if (!draft.resumed || !(full || (await lacksItsKeys(draft, willEncrypt)))) return draft;
  await draft.discard();
  return vault.openDraft(udid);
}

async function lacksItsKeys(draft: Draft, willEncrypt: boolean): Promise<boolean> {
  return willEncrypt && !(await isEncrypted(draft));
}

/** The Manifest.plist of an unencrypted backup holds a keybag too, which is none for what is encrypted. */
async function isEncrypted(draft: Draft): Promise<boolean> {
  for (const folder of [draft.udid, `${draft.udid}/Snapshot`]) {
    try {
      if ((await readManifestPlist(sourceIn(draft, folder)))?.isEncrypted === true) return true;
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }
  return false;
}
