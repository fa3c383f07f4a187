import type { App } from '../../context.ts'

export async function runSweeps(_app: App): Promise<void> {}
