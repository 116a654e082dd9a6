import { useMutation } from '@tanstack/react-query';
import { Job } from '../../../src/contract/index.ts';
import { ask, pathOf } from './api.ts';

/** "Back up now". */
export function useBackUpNow(udid: string, onStarted?: () => void) {
  return useMutation({
    mutationFn: () => ask(pathOf('devices', udid, 'backup'), Job, { method: 'POST', body: {} }),
    onSuccess: () => onStarted?.(),
  });
}
