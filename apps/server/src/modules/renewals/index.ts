export { openBusinessClock } from './business-clock.ts'
export { type ClockMove, moveClock } from './move-clock.ts'
export { clockExtensions } from './routes.ts'
export { runSweeps } from './sweeps.ts'
