import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { BackupRule, DeviceRule, type RuleChange, type RulePreview } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { deviceRuleQuery } from '../../api/queries.ts';
import { useRulePreview } from '../../api/use-rule-preview.ts';
import { mergePatch } from '../../forms/merge-patch.ts';
import { useCheck } from '../../forms/use-check.ts';
import { Button } from '../../parts/button.tsx';
import { Form, FormActions } from '../../parts/form.tsx';
import { notify } from '../../parts/notices.tsx';
import { Section } from '../../parts/page.tsx';
import { Loaded, ProblemNote } from '../../parts/states.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { useNow } from '../../telling/use-now.ts';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/words.ts';
import { RuleFields } from '../settings/rule-fields.tsx';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** When a device is backed up by itself: the rule of all, or one of its own. */
export function DeviceRuleForm({ udid }: { readonly udid: string }) {
  const words = useWords(deviceWords);
  return (
    <Section title={words.ruleTitle}>
      <Loaded query={useQuery(deviceRuleQuery(udid))} lines={6}>
        {(known) => <RuleForm key={JSON.stringify(known.rule)} udid={udid} known={known} />}
      </Loaded>
    </Section>
  );
}

function RuleForm({ udid, known }: { readonly udid: string; readonly known: DeviceRule }) {
  const words = useWords(deviceWords);
  const client = useQueryClient();
  const now = useNow();
  const [rule, setRule] = useState(known.rule);
  const { errors, submit } = useCheck();
  const save = useMutation({
    mutationFn: (change: RuleChange) =>
      ask(pathOf('devices', udid, 'rule'), DeviceRule, { method: 'PATCH', body: change }),
    onSuccess: (answer) => {
      client.setQueryData(deviceRuleQuery(udid).queryKey, answer);
      notify(words.saved);
    },
  });
  const preview = useRulePreview(udid, rule);
  const isOwn = Object.keys(known.said).length > 0;
  const isPaused = known.rule.pausedUntil !== undefined && new Date(known.rule.pausedUntil) > now;
  return (
    <Form
      onSubmit={() =>
        submit(BackupRule, rule, (fits) => save.mutate((mergePatch(known.rule, fits) ?? {}) as RuleChange))
      }
    >
      <p>{isOwn ? words.ruleOwn : words.ruleShared}</p>
      <RuleFields
        rule={rule}
        errors={errors}
        asksPasscode={preview?.asksPasscode}
        onChange={(change) => setRule({ ...rule, ...change })}
      />
      <NextTries next={preview?.next ?? []} />
      <ProblemNote error={save.error} />
      <FormActions>
        <Button type="submit" kind="primary" busy={save.isPending}>
          {words.save}
        </Button>
        {isPaused ? (
          <Button onClick={() => save.mutate({ pausedUntil: null })}>{words.resume}</Button>
        ) : (
          <Button onClick={() => save.mutate({ pausedUntil: new Date(Date.now() + WEEK_MS).toISOString() })}>
            {words.pause}
          </Button>
        )}
        {isOwn && (
          <Button kind="quiet" onClick={() => save.mutate(nothingOfItsOwn(known))}>
            {words.ruleReset}
          </Button>
        )}
      </FormActions>
    </Form>
  );
}

/** Takes back all that was said for this device alone. */
function nothingOfItsOwn({ said }: DeviceRule): RuleChange {
  return Object.fromEntries(Object.keys(said).map((name) => [name, null]));
}

/** When the device would be backed up by the rule as it stands in the form. */
function NextTries({ next }: Pick<RulePreview, 'next'>) {
  const words = useWords(deviceWords);
  const format = useFormats();
  if (next.length === 0) return null;
  return (
    <p role="status">
      {words.next}{' '}
      {next
        .slice(0, 3)
        .map((at) => format.moment(at))
        .join(' · ')}
    </p>
  );
}
