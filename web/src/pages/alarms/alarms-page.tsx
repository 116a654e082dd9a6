import { Page } from '../../parts/page.tsx';

export default function AlarmsPage() {
  return <Page title="Alarms">{null}</Page>;
}
