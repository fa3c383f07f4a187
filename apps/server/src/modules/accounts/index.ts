export { createAccount, type NewAccount } from './create-account.ts'
export { unlessEmailTaken } from './email-taken.ts'
export { type PersonChange, personFields, readEmail, readPerson, type SentPerson } from './person.ts'
export { accountExtensions, accountHandlers } from './routes.ts'
export {
  accountCurrency,
  type ContactRow,
  contactsOf,
  countContacts,
  insertProfile,
  isTaken,
  lockProfile,
  loginByEmail,
  type ProfileRow,
  profileOf,
  updateProfile,
} from './store.ts'
export { type Terms, updateTerms } from './terms-store.ts'
export { readSecondFactor, type SentDetails } from './update-details.ts'
