/** An amount as gateways are told: an integer of the currency's ISO 4217 minor units. */
export interface ChargeAmount {
  readonly amountMinor: bigint
  /** ISO 4217. */
  readonly currency: string
}

/** A card that the gateway keeps for us; neither reference says anything about the card itself. */
export interface KeptCard {
  /** Whose it is, and which of theirs. */
  readonly customerRef: string
  readonly cardRef: string
  readonly brand: string
  readonly last4: string
  /** `YYYY-MM`. */
  readonly expires: string
}

/** A page of the gateway on which the customer pays. */
export interface CheckoutWish extends ChargeAmount {
  /** What the customer reads there: `Invoice 2026/10/4`. */
  readonly description: string
  readonly email: string
  /** Where the page leads to afterwards, whatever came of it. */
  readonly returnUrl: string
  /** The page closes by itself then; gateways have limits of their own. */
  readonly expiresAt: Date
  /** Keep the card, so that it can be charged without its owner. */
  readonly saveCard: boolean
  /** The customer there whose card was kept before. */
  readonly customerRef?: string
}

export interface Checkout {
  readonly id: string
  readonly url: string
  readonly expiresAt: Date
}

/** A charge of a kept card while its owner is away. */
export interface ChargeWish extends ChargeAmount {
  readonly description: string
  readonly customerRef: string
  readonly cardRef: string
}

/** What became of a checkout or a charge. */
export type Outcome =
  /** It may still be paid, or the money is on its way. */
  | { readonly state: 'pending' }
  /** It was not paid and never will be. `reason` is the gateway's word for why: `card_declined`, `expired`. */
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'paid'; readonly payment: GatewayPayment }

/** Money that came in, and what became of it since. */
export interface GatewayPayment extends ChargeAmount {
  /** What the gateway calls it; unique there. */
  readonly id: string
  /** What the gateway kept; undefined while it does not say, or says it in another currency. */
  readonly feeMinor?: bigint
  readonly at: Date
  /** The card, where it was kept. */
  readonly card?: KeptCard
  readonly refunds: readonly GatewayRefund[]
  readonly disputes: readonly GatewayDispute[]
}

/** Money that was given back. */
export interface GatewayRefund extends ChargeAmount {
  readonly id: string
  /** The key it was asked for with; undefined: somebody did it at the gateway itself. */
  readonly key?: string
  readonly state: 'pending' | 'succeeded' | 'failed'
}

/** Money that the customer's bank took back, or asks about. */
export interface GatewayDispute extends ChargeAmount {
  readonly id: string
  /** `open`: asked about, the money is still ours. `withdrawn`: it is gone. `won`: it was gone and came back. */
  readonly state: 'open' | 'withdrawn' | 'won'
  /** What the gateway charged for it. */
  readonly feeMinor?: bigint
}

/** What a delivery of the gateway is about. What has become of it is for {@link PaymentDriver.find} to say. */
export interface GatewayEvent {
  readonly id: string
  /** The gateway's own name for what happened. */
  readonly type: string
  /** A checkout, charge or payment of ours; undefined: nothing that we ask this gateway for. */
  readonly about?: {
    /** What {@link PaymentDriver.find} takes. */
    readonly id: string
    /** The key it was begun with, where the delivery says. */
    readonly key?: string
  }
}

/**
 * A gateway that moves money. Calls that move some take a key: the same key is the same intent, and is carried out
 * once. A call that fails throws a DriverError; where that is a `timeout`, it may have been carried out nevertheless.
 */
export interface PaymentDriver {
  /** Short name, `stripe`. */
  readonly name: string
  /** Opens a page to pay on. The same key gives the same page. */
  createCheckout(key: string, wish: CheckoutWish): Promise<Checkout>
  /**
   * Charges a kept card, once for each key. `begun` is told the charge's id before any money can move, and nothing
   * moves if it throws: so whatever happens later, there is an id to ask {@link find} and {@link cancel} about.
   */
  charge(key: string, wish: ChargeWish, begun: (id: string) => Promise<void>): Promise<Outcome>
  /** Sees to it that a checkout or charge is never paid from now on; if it was paid before, says so. */
  cancel(id: string): Promise<Outcome>
  /** What has become of a checkout, a charge or a payment by now. */
  find(id: string): Promise<Outcome>
  /** Gives back a part of a payment, once for each key. */
  refund(key: string, paymentId: string, amount: ChargeAmount): Promise<GatewayRefund>
  /** Reads a delivery, exactly as it arrived. Throws `refused` unless the gateway signed it, and lately. */
  readEvent(delivery: Delivery): GatewayEvent
  /** Has the gateway forget a card; one that it does not know is fine. */
  forgetCard(cardRef: string): Promise<void>
}

/** A request of the gateway to us. */
export interface Delivery {
  readonly body: Buffer
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** When it arrived. */
  readonly at: Date
}
