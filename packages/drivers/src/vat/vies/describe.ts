import type { DriverDescription } from '../../kit/describe.ts'
import type { ViesOptions } from './driver.ts'

/** VIES as data, for the admin form, the docs page and the registry of drivers. */
export const viesDescription = {
  name: 'vies',
  title: 'VIES of the European Commission, by its REST service',
  options: [
    {
      name: 'url',
      type: 'url',
      default: 'https://ec.europa.eu/taxation_customs/vies/rest-api',
      help: 'Where the service is.',
    },
    {
      name: 'requester',
      type: 'VAT number',
      default: '',
      help: 'Your own number: with it each answer has a consultation number, which proves that you asked.',
    },
    { name: 'timeoutMilliseconds', type: 'milliseconds', default: 20_000, help: 'How long an answer may take.' },
  ],
  capabilities: ['consultation-number', 'name', 'address'],
  limits: [
    'Some states do not tell names and addresses.',
    'States are away for hours, and limit how many questions they answer at once.',
  ],
  links: ['https://ec.europa.eu/taxation_customs/vies/'],
} as const satisfies DriverDescription<keyof ViesOptions>
