export { type MethodChoice, paymentMethodFor } from './choose-method.ts'
export type { PaymentMethod } from './payment-method.ts'
export { paymentHandlers } from './routes.ts'
