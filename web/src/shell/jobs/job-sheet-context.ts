import { createContext, use } from 'react';

interface JobSheetControl {
  readonly open: () => void;
}

export const JobSheetContext = createContext<JobSheetControl>({ open: () => undefined });

/** Lets a page open the sheet that shows what is running. */
export function useJobSheet(): JobSheetControl {
  return use(JobSheetContext);
}
