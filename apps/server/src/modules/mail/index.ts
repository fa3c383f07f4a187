export { openMail } from './open-mail.ts'
export { type Letter, sendMail, sendMailJob } from './send-mail.ts'
