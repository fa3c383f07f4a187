export { openBusinessClock } from './business-clock.ts'
export { type ClockMove, moveClock } from './move-clock.ts'
export { clockExtensions } from './routes.ts'
export { renewalSchedules, runSweeps } from './sweeps.ts'
