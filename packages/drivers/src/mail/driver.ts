/** One mail to one person, in plain text. */
export interface Mail {
  /**
   * The Message-ID with its angle brackets (RFC 5322 §3.6.4), made once for the intent: whoever sends the same mail
   * again gives the same one, and receivers drop the copy.
   */
  readonly messageId: string
  /** A mailbox, also with a display name: `Innkeeper <noreply@example.net>`. */
  readonly from: string
  /** One bare address. */
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Somebody else's mail system. Calls that fail throw a DriverError. */
export interface MailDriver {
  /** Short name, `smtp` or `file`. */
  readonly name: string
  /**
   * Hands the mail over. Resolves when the other side has taken responsibility for it. `refused`: this mail will never
   * be taken; the other kinds may be tried again, also when it is not known whether the mail was taken.
   */
  send(mail: Mail): Promise<void>
  /** For `doctor` and readiness: throws a DriverError that says what to do. */
  check(): Promise<void>
  close(): Promise<void>
}
