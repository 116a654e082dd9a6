import { AppError } from '../shared/errors.ts';

export function passwordNeeded(): AppError {
  return new AppError('WRONG_PASSWORD', 'the backup is encrypted and needs its password', {
    hint: 'Give the password set for encrypted backups of this device: --password-file FILE, HOLDFAST_PASSWORD, or at a terminal, where it is asked for.',
  });
}
