export { createFollower, type Follower, type FollowerOptions, type FollowerStatus } from './follower.ts'
export { dnsHandlers } from './routes.ts'
