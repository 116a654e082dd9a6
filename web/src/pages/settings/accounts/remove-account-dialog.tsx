import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Account } from '../../../../../src/contract/index.ts';
import { pathOf, tell } from '../../../api/api.ts';
import { accountsQuery } from '../../../api/queries.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { notify } from '../../../parts/notices.tsx';
import { ProblemNote } from '../../../parts/states.tsx';
import { accountWords } from '../../../words/accounts.ts';
import { partsWords } from '../../../words/parts.ts';
import { useWords } from '../../../words/words.ts';

interface RemoveAccountDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
}

/** Says what goes with an account before it goes. */
export function RemoveAccountDialog({ account, onClose }: RemoveAccountDialogProps) {
  const words = useWords(accountWords);
  const { cancel } = useWords(partsWords);
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
    <Dialog
      open
      onClose={onClose}
      title={words.removeTitle(account.name)}
      actions={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {words.removeYes}
          </Button>
        </>
      }
    >
      <p>{words.removeText}</p>
      <ProblemNote error={remove.error} />
    </Dialog>
  );
}
