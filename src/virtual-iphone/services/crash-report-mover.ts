import type { Service } from './service.ts';

/** What the phone says, with its final zero byte, when all reports are where com.apple.crashreportcopymobile shows them. */
const DONE = 'ping\0';

/** com.apple.crashreportmover: brings the reports of crashed programs to where a computer can fetch them. */
export const crashReportMover: Service = {
  serve: (stream) => new Promise((resolve) => stream.write(DONE, () => resolve())),
};
