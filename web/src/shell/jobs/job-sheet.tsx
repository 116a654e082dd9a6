interface JobSheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** What is running, on every page. */
export function JobSheet({ open }: JobSheetProps) {
  return open ? <aside /> : null;
}
