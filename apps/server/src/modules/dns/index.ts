export { publishFailures } from './failure-store.ts'
export { createFollower, type Follower, type FollowerOptions, type FollowerStatus } from './follower.ts'
export { type Redirector, startRedirector } from './redirector.ts'
export { dnsHandlers } from './routes.ts'
