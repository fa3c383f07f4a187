import { register } from 'tsx/esm/api'

// A thread does not inherit how the program reads TypeScript where that was arranged in code (bin/innkeeper.mjs).
register()
await import('./worker.ts')
