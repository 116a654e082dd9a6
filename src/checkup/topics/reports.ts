import { because, type CheckupLine } from '../../contract/index.ts';
import { verifyChain } from '../reports/verify-chain.ts';
import type { TopicContext } from '../host.ts';
import { line } from '../line.ts';

/** Whether the reports of earlier checkups are as they were written. */
export async function lookAtReports({ host }: TopicContext): Promise<CheckupLine[]> {
  const { reports, problems } = await verifyChain(host.stateDir);
  if (reports === 0 && problems.length === 0) return [line('reports', 'proven', because('report-first', {}))];
  if (problems.length === 0) return [line('reports', 'proven', because('reports-unchanged', { reports }))];
  const step = [because('do-find-report', {})];
  return problems.map((problem) => line('reports', 'failed', problem, {}, step));
}
