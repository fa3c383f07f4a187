export { type MethodChoice, noPaymentMethods, paymentMethodFor } from './choose-method.ts'
export { driversInUse, methodById, methodsByDriver, methodsOfAccount } from './method-store.ts'
export { isPayable } from './payable.ts'
export { type PaymentMethod, wireFee, wirePercent } from './payment-method.ts'
