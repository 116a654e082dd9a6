import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { BackupRule, RulePreview } from '../../../src/contract/index.ts';
import { ask, pathOf } from './api.ts';

/** What would come of a rule for a device, before anybody decides for it; undefined until that is known. */
export function useRulePreview(udid: string, rule: BackupRule | undefined): RulePreview | undefined {
  const { data } = useQuery({
    queryKey: ['rule-preview', udid, rule],
    queryFn: ({ signal }) =>
      ask(pathOf('devices', udid, 'rule', 'preview'), RulePreview, { method: 'POST', body: rule, signal }),
    enabled: BackupRule.safeParse(rule).success,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return data;
}
