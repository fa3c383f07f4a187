export { type DeadJob, discardJob, listDeadJobs, retryJob } from './dead-jobs.ts'
export type { JobOutcome } from './execute.ts'
export {
  type EnqueueOptions,
  enqueue,
  enqueueAll,
  GiveUp,
  type Job,
  type JobKind,
  type JobRun,
  job,
  jobKind,
} from './jobs.ts'
export { type JobFilter, type JobState, listJobs, type QueuedJob } from './queued-jobs.ts'
export { type Schedule, startWorker, type Worker, type WorkerSettings } from './worker.ts'
