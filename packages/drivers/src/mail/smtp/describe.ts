/** Sending through an SMTP server as data, for the admin form, the docs page and the registry of drivers. */
export const smtpMailDescription = {
  name: 'smtp',
  title: 'SMTP server',
  options: [
    {
      name: 'url',
      type: 'url',
      secret: true,
      help: 'smtp://user:password@host:port; smtps:// for TLS from the start.',
    },
    { name: 'connections', type: 'count', default: 4, help: 'Open connections at most.' },
    { name: 'timeoutMilliseconds', type: 'milliseconds', default: 15_000, help: 'How long each step may take.' },
  ],
  capabilities: ['starttls', 'tls', 'auth', 'pooling'],
  links: ['https://www.rfc-editor.org/rfc/rfc5321', 'https://www.rfc-editor.org/rfc/rfc3207'],
} as const
