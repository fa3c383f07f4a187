/** Something that must hold of all money; its SQL gives a row for each thing of which it does not. */
export interface MoneyCheck {
  /** Several where one look at the books proves them all. */
  readonly names: readonly string[]
  /** Gives id, account_id (null: nobody's alone) and what, a sentence with the difference; of several, name says which. */
  readonly sql: string
}

/** Something about the money that does not add up. */
export interface MoneyFinding {
  /** Which check: `invoice.paid`. */
  readonly check: string
  /** Of the row to look at: an entry, an invoice, a payment, an account, a series by the check's name. */
  readonly id: string
  /** By how much, and against what. */
  readonly what: string
  /** Whose it is; null where it is nobody's alone. */
  readonly accountId: string | null
}

/** Of a payment, by what reverses it, and what of that came back. */
const wentBack = `case back.kind when 'payment' then -back.amount_minor else back.amount_minor end`

/** What the books say of each document, by what the entries are about. */
const booked = `booked as (
  select posting.invoice_id,
    sum(amount_minor) filter (where ledger = 'receivable' and event = 'invoice.issue') as issued,
    -sum(amount_minor) filter (where ledger = 'receivable' and (event like 'payment.%' or event like 'credit.%')) as paid,
    -sum(amount_minor) filter (where ledger = 'receivable' and event like 'credit.%') as by_credit,
    -sum(amount_minor) filter (where ledger = 'receivable' and event in ('credit_note.issue', 'invoice.void')) as credited,
    abs(sum(amount_minor) filter (where ledger = 'revenue' and event in ('invoice.issue', 'credit_note.issue'))) as revenue,
    abs(sum(amount_minor) filter (where ledger = 'tax' and event in ('invoice.issue', 'credit_note.issue'))) as tax
  from ledger_posting as posting join ledger_entry as entry on entry.id = posting.entry_id
  where posting.invoice_id is not null group by posting.invoice_id
)`

const both = `array['invoice', 'credit_note']`

/** What an invoice says beside what the books say: the name of the check, of which kinds, and in words. */
const comparisons = [
  ['invoice.receivable', `array['invoice']`, 'total', 'total_minor', 'issued'],
  ['invoice.revenue', both, 'subtotal', 'abs(subtotal_minor)', 'revenue'],
  ['invoice.tax', both, 'tax', 'tax_minor + tax2_minor', 'tax'],
  ['invoice.paid', `array['invoice']`, 'paid amount', 'paid_minor', 'paid'],
  ['invoice.credit', `array['invoice']`, 'applied credit', 'credit_minor', 'by_credit'],
  ['invoice.credited', `array['invoice']`, 'credited amount', 'credited_minor', 'credited'],
] as const

const asBooked: MoneyCheck = {
  names: comparisons.map(([name]) => name),
  // The sums of the whole ledger are made once.
  sql: `with ${booked}
    select invoice.id, invoice.account_id, name, format('its %s is %s and the books say %s', word, said, coalesce(written, 0)) as what
    from invoice left join booked on booked.invoice_id = invoice.id
      cross join lateral (values ${comparisons
        .map(([name, kinds, word, said, column]) => `('${name}', ${kinds}, '${word}', ${said}, booked.${column})`)
        .join(', ')}) as compared (name, kinds, word, said, written)
    where invoice.status <> 'Draft' and invoice.kind = any(kinds) and said <> coalesce(written, 0)`,
}

/** Each stands alone: one that is red says which row to look at, and by how much it is off. */
export const moneyChecks: readonly MoneyCheck[] = [
  {
    names: ['entry.balanced'],
    sql: `select entry_id as id, min(account_id) as account_id,
        format('debits and credits differ by %s %s', sum(amount_minor), currency) as what
      from ledger_posting group by entry_id, currency having sum(amount_minor) <> 0`,
  },
  {
    names: ['entry.account'],
    sql: `select posting.entry_id as id, invoice.account_id,
        format('posting %s is of account %s, its invoice %s of account %s', posting.id, posting.account_id, invoice.id,
          invoice.account_id) as what
      from ledger_posting as posting left join invoice on invoice.id = posting.invoice_id
      where posting.invoice_id is not null and posting.account_id is distinct from invoice.account_id`,
  },
  {
    names: ['line.amount'],
    sql: `select line.id, invoice.account_id,
        format('%s times %s is not %s, or that is not its net of %s with tax of %s', quantity, unit_minor, amount_minor,
          net_minor, line.tax_minor) as what
      from invoice_line as line left join invoice on invoice.id = line.invoice_id
      where round(quantity * unit_minor) <> amount_minor or invoice.id is null or amount_minor <> net_minor +
        case when tax_inclusive then line.tax_minor else 0 end`,
  },
  {
    names: ['invoice.lines'],
    sql: `select invoice.id, invoice.account_id,
        format('its lines sum to %s and %s of tax, it says %s and %s, in all %s', coalesce(line.net, 0), coalesce(line.tax, 0),
          subtotal_minor, tax_minor + tax2_minor, total_minor) as what
      from invoice left join (
        select invoice_id, sum(net_minor) as net, sum(tax_minor) as tax from invoice_line group by invoice_id
      ) as line on line.invoice_id = invoice.id
      where coalesce(line.net, 0) <> subtotal_minor or coalesce(line.tax, 0) <> tax_minor + tax2_minor
        or subtotal_minor + tax_minor + tax2_minor <> total_minor`,
  },
  {
    names: ['invoice.taxes'],
    sql: `select id, account_id,
        format('its rates sum to %s of %s and %s, it says %s of %s and %s', first, base, second, tax_minor, subtotal_minor,
          tax2_minor) as what
      from invoice cross join lateral (
        select coalesce(sum(tax_minor) filter (where level = 1), 0) as first,
          coalesce(sum(tax_minor) filter (where level = 2), 0) as second,
          coalesce(sum(base_minor) filter (where level = 1), 0) as base
        from jsonb_to_recordset(tax) as rate (level integer, base_minor bigint, tax_minor bigint)
      ) as rates
      where first <> tax_minor or second <> tax2_minor or base <> subtotal_minor`,
  },
  asBooked,
  {
    names: ['invoice.status'],
    sql: `select id, account_id, format('it is %s, %s is due and %s paid, its number is %s', status, due_minor, paid_minor, number) as what
      from invoice where status <> 'Draft' and case
        when number is null and (kind = 'credit_note' or status in ('Paid', 'Refunded')) then true
        when number is null and proforma_number is null then true
        when kind = 'credit_note' then status <> 'Paid'
        when status in ('Unpaid', 'Collections') then due_minor <= 0
        when status = 'Cancelled' then due_minor <> 0 or paid_minor <> 0
        else due_minor <> 0 end`,
  },
  {
    names: ['invoice.notes'],
    sql: `select invoice.id, invoice.account_id,
        format('credit notes take %s back of %s', sum(note.total_minor), invoice.total_minor) as what
      from invoice join invoice as note on note.corrects_id = invoice.id
      group by invoice.id having sum(note.total_minor) > invoice.total_minor`,
  },
  {
    names: ['payment.booked'],
    sql: `with said as (
        select payment.*, case kind when 'payment' then amount_minor - fee_minor when 'refund' then -amount_minor
          else -amount_minor - fee_minor end as clearing
        from payment
      ), entries as (
        -- A payment with what came out later that its gateway kept of it.
        select case event when 'payment.fee' then 'payment' || substr(entry.key, 4) else entry.key end as key,
          min(event) filter (where event <> 'payment.fee') as event,
          sum(amount_minor) filter (where ledger like 'clearing:%') as clearing,
          string_agg(distinct ledger, ', ') filter (where ledger like 'clearing:%') as ledger,
          coalesce(sum(amount_minor) filter (where ledger = 'fees'), 0) as fees,
          coalesce(sum(amount_minor) filter (where ledger = 'credit'), 0) as credit,
          -- Credit that a chargeback took back after it was spent: owed, and on no invoice.
          coalesce(sum(amount_minor) filter (where ledger = 'receivable' and invoice_id is null), 0) as spent,
          min(account_id) as account_id
        from ledger_entry as entry left join ledger_posting as posting on posting.entry_id = entry.id
        where event like 'payment.%' group by 1
      )
      select coalesce(said.id::text, entries.key) as id, coalesce(said.account_id, entries.account_id) as account_id,
        format('%s of %s by %s, %s of it credit, and the books say %s at %s with fees of %s and credit of %s', said.kind,
          said.amount_minor, said.gateway, said.credited_minor, coalesce(entries.clearing, 0), entries.ledger, entries.fees,
          entries.credit) as what
      from said full join entries
        on entries.key = said.kind || ':' || said.gateway || ':' || said.external_id
      where said.id is null or entries.key is null or said.account_id <> entries.account_id
        or entries.event is distinct from case kind when 'payment' then 'payment.receive' else 'payment.' || kind end
        or case when kind = 'refund' and entries.clearing is null then -credit <> amount_minor or credited_minor <> 0
          else entries.clearing is distinct from said.clearing and coalesce(entries.clearing, 0) <> said.clearing
            or entries.ledger <> 'clearing:' || said.gateway or fees <> fee_minor
            or credited_minor <> case kind when 'payment' then -credit when 'refund' then credit else credit + spent end end`,
  },
  {
    names: ['payment.reversed'],
    sql: `select payment.id, payment.account_id,
        format('%s went back of %s', sum(${wentBack}), payment.amount_minor) as what
      from payment join payment as back on coalesce(back.reverses_id, back.returns_id) = payment.id
      group by payment.id having sum(${wentBack}) not between 0 and payment.amount_minor or payment.returns_id is not null`,
  },
  {
    names: ['credit.negative'],
    sql: `select account_id as id, account_id, format('its credit is %s %s', -sum(amount_minor), currency) as what
      from ledger_posting where ledger = 'credit' group by account_id, currency having sum(amount_minor) > 0`,
  },
  {
    names: ['numbers.gapless'],
    sql: `with given as (
        select kind as name, series_period as period, count(*) as documents, min(series_number) as first,
          max(series_number) as last
        from invoice where series_number is not null group by kind, series_period
      )
      select coalesce(given.name, series.name) || ':' || coalesce(given.period, series.period) as id, null as account_id,
        format('%s documents have the numbers %s to %s, the next is %s; missing: %s', coalesce(documents, 0), first, last, next,
          (select string_agg(n::text, ', ') from (
            select n from generate_series(1, coalesce(next - 1, last)) as n where not exists (select 1 from invoice
              where kind = coalesce(given.name, series.name) and series_period = coalesce(given.period, series.period)
                and series_number = n) order by n limit 20) as gap)) as what
      from given full join (select * from number_series where name <> 'proforma') as series
        on series.name = given.name and series.period = given.period
      where documents is distinct from last or first <> 1 or last + 1 is distinct from next`,
  },
  {
    names: ['numbers.final'],
    sql: `select id, account_id, format('its number is %s, made of %s in %s', number, series_number, series_period) as what
      from invoice where (number is null) <> (series_number is null) or (number is null) <> (series_period is null)`,
  },
  {
    names: ['numbers.proforma'],
    sql: `select 'proforma' as id, null as account_id, format('%s numbers were given and %s documents have one', given, documents) as what
      from (select coalesce(sum(next - 1), 0) as given from number_series where name = 'proforma') as series,
        (select count(proforma_number) as documents from invoice) as invoices where given <> documents`,
  },
  {
    names: ['period.twice'],
    sql: `select id, account_id,
        format('service %s is billed from %s, and until %s already', service_id, starts_at, before) as what
      from (
        select id, account_id, service_id, starts_at, max(coalesce(ended_at, ends_at)) over (partition by service_id
          order by starts_at, id rows between unbounded preceding and 1 preceding) as before
        from billed_period where released_at is null and coalesce(ended_at, ends_at) > starts_at
      ) as period where before > starts_at`,
  },
]
