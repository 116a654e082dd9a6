import { openDataUsage, type DataUsage } from '../../content/index.ts';
import { formatSize } from '../../shared/text/size.ts';
import { listExport } from './list-export.ts';

type Counter = 'cellularInBytes' | 'cellularOutBytes' | 'wifiInBytes' | 'wifiOutBytes';

const total = (usage: DataUsage, counter: Counter): number =>
  usage.periods.reduce((sum, period) => sum + (period[counter] ?? 0), 0);

/** Nothing for nothing. */
const bytesInWords = (bytes: number): string => (bytes === 0 ? '' : formatSize(bytes));

const counterColumn = (title: string, counter: Counter) => ({
  title: `${title} (bytes)`,
  pageTitle: title,
  value: (usage: DataUsage) => total(usage, counter),
  page: (usage: DataUsage) => bytesInWords(total(usage, counter)),
});

const size = (usage: DataUsage): number => total(usage, 'cellularInBytes') + total(usage, 'cellularOutBytes');

/** What each app and each part of iOS has sent and received. */
export const dataUsageExport = listExport<DataUsage>({
  kind: 'data-usage',
  title: 'Data usage',
  about: 'What apps and parts of iOS have sent and received, the most first, as far back as the phone counts.',
  columns: [
    { title: 'App or process', value: ({ app, process }) => app ?? process },
    { title: 'Process', value: ({ process }) => process, page: false },
    counterColumn('Cellular in', 'cellularInBytes'),
    counterColumn('Cellular out', 'cellularOutBytes'),
    counterColumn('Wi-Fi in', 'wifiInBytes'),
    counterColumn('Wi-Fi out', 'wifiOutBytes'),
    {
      title: 'First seen',
      value: ({ firstSeenAt }, times) => times.iso(firstSeenAt),
      page: ({ firstSeenAt }, times) => firstSeenAt && times.moment(firstSeenAt),
    },
    {
      title: 'Last seen',
      value: ({ lastSeenAt }, times) => times.iso(lastSeenAt),
      page: ({ lastSeenAt }, times) => lastSeenAt && times.moment(lastSeenAt),
    },
  ],
  async open({ backup }) {
    const usage = await openDataUsage(backup);
    if (usage === undefined) return undefined;
    const strays = usage.withoutProcess.length;
    return {
      rows: usage.processes.toSorted((a, b) => size(b) - size(a)),
      notes: () => (strays === 0 ? [] : [`${strays} counts belong to processes that are no longer listed.`]),
    };
  },
});
