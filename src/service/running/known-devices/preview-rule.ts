import type { BackupRule, RulePreview, Settings } from '../../../contract/index.ts';
import { nextTries } from '../../rules/index.ts';
import type { KnownDevice } from './known-device.ts';
import { type Moment, ruleInput } from './rule-input.ts';

/** What would come of a rule for a device, before anybody decides for it. */
export function previewRule(device: KnownDevice, rule: BackupRule, settings: Settings, moment: Moment): RulePreview {
  const { device: facts, history } = ruleInput(device, settings, moment);
  const { asksPasscode } = facts;
  const next = nextTries({ rule, history, asksPasscode, ...moment });
  return {
    ...(asksPasscode === undefined ? {} : { asksPasscode }),
    next: next.map((at) => at.toISOString()),
  };
}
