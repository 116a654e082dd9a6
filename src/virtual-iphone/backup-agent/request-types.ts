import { dictionaryAt, type PlistDictionary } from '../../formats/index.ts';
import { checkTypes, type KindsByKey } from '../check-types.ts';
import type { HostLink } from './wire/host-link.ts';

const IN_REQUEST: KindsByKey = {
  TargetIdentifier: 'text',
  SourceIdentifier: 'text',
  Options: 'dictionary',
  Password: 'text',
  OldPassword: 'text',
  NewPassword: 'text',
  CloudBackupState: 'boolean',
};

const IN_OPTIONS: KindsByKey = {
  ForceFullBackup: 'boolean',
  RestoreSystemFiles: 'boolean',
  RestoreShouldReboot: 'boolean',
  RestoreDontCopyBackup: 'boolean',
  RestorePreserveSettings: 'boolean',
  RemoveItemsNotRestored: 'boolean',
  Password: 'text',
};

/** Reports what a request holds that is not of the type it must be. */
export function checkRequestTypes(link: HostLink, request: PlistDictionary): void {
  const report = (detail: string): void => link.report('mobilebackup2.request-types', detail);
  checkTypes(request, IN_REQUEST, report);
  checkTypes(dictionaryAt(request, 'Options'), IN_OPTIONS, report);
}
