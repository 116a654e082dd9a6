import { useMutation } from '@tanstack/react-query';
import { TakeOut, type TakeOutRequest } from '../../../../../src/contract/index.ts';
import { ask, pathOf } from '../../../api/api.ts';
import { notify } from '../../../parts/notices.tsx';
import { takeOutWords } from '../../../words/take-out.ts';
import { useWords } from '../../../words/words.ts';
import { useVersion } from '../version.ts';

type AtOnce = Extract<TakeOutRequest, { what: 'files' | 'photos' }>;

/** Takes files or photos out: they stream as they are read, so the browser saves them at once. */
export function useSaveZip(onSaved?: () => void) {
  const words = useWords(takeOutWords);
  const { id } = useVersion();
  return useMutation({
    mutationFn: (body: AtOnce) => ask(pathOf('snapshots', id, 'take-out'), TakeOut, { method: 'POST', body }),
    onSuccess: ({ url, name }) => {
      if (url === undefined) return;
      saveFrom(url, `${name}.zip`);
      notify(words.isSaved);
      onSaved?.();
    },
  });
}

/** Lets the browser save something as it does when a link is followed. */
export function saveFrom(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
