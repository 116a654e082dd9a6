import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Account } from '../../../../../src/contract/index.ts';
import { pathOf, tell } from '../../../api/api.ts';
import { accountsQuery } from '../../../api/queries.ts';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { notify } from '../../../parts/notices.tsx';
import { accountWords } from '../../../words/accounts.ts';
import { useWords } from '../../../words/words.ts';

interface RemoveAccountDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
}

/** Says what goes with an account before it goes. */
export function RemoveAccountDialog({ account, onClose }: RemoveAccountDialogProps) {
  const words = useWords(accountWords);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => tell(pathOf('accounts', account.id), { method: 'DELETE' }),
    onSuccess: async () => {
      await client.invalidateQueries(accountsQuery);
      notify(words.removed(account.name));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={words.removeTitle(account.name)}
      yes={words.removeYes}
      onYes={() => remove.mutate()}
      onClose={onClose}
      busy={remove.isPending}
      error={remove.error}
    >
      {words.removeText}
    </ConfirmDialog>
  );
}
