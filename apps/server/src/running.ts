/** Something that was started and has to be stopped. */
export interface Running {
  stop(): Promise<void>
}
