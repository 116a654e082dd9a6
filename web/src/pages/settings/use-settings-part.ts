import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Settings } from '../../../../src/contract/index.ts';
import { ask } from '../../api/api.ts';
import { settingsQuery } from '../../api/queries.ts';
import { useCheck } from '../../forms/use-check.ts';
import type { FieldErrors } from '../../forms/check.ts';
import { mergePatch } from '../../forms/merge-patch.ts';
import { notify } from '../../parts/notices.tsx';
import { formWords } from '../../words/forms.ts';
import { useWords } from '../../words/words.ts';

interface SettingsPart {
  /** The settings with what has been changed on this page. */
  readonly draft: Settings;
  readonly change: (change: (draft: Settings) => Settings) => void;
  readonly errors: FieldErrors;
  readonly changed: boolean;
  readonly save: () => void;
  readonly discard: () => void;
  readonly saving: boolean;
  readonly error: unknown;
}

/** What is changed on a page of the settings, until it is saved: only what differs is sent. */
export function useSettingsPart(settings: Settings): SettingsPart {
  const words = useWords(formWords);
  const client = useQueryClient();
  const [edited, setEdited] = useState<Settings>();
  const { errors, submit } = useCheck();
  const draft = edited ?? settings;
  const patch = mergePatch(settings, draft);
  const saving = useMutation({
    mutationFn: (body: unknown) => ask('settings', Settings, { method: 'PATCH', body }),
    onSuccess: async () => {
      await client.invalidateQueries(settingsQuery);
      setEdited(undefined);
      notify(words.saved);
    },
  });
  return {
    draft,
    change: (change) => setEdited(change(draft)),
    errors,
    changed: patch !== undefined,
    save: () => submit(Settings, draft, () => saving.mutate(patch ?? {})),
    discard: () => setEdited(undefined),
    saving: saving.isPending,
    error: saving.error,
  };
}
