-- Until when an invoice is to be paid, for reminders and all that follows them: the day that stands on it or, once a
-- payment was taken back, a later one. The document keeps its own day.
alter table invoice add column reopened_due_on date;
alter table invoice add column pay_by date not null generated always as (coalesce(reopened_due_on, due_on)) stored;
create index invoice_unpaid on invoice (pay_by, id) where status = 'Unpaid';

-- By the clock of money: whoever could not pay meanwhile has the time between two steps again.
alter table account add column unparked_at timestamptz;

-- Invoices stay in collections for ever. What they would still stop or end is found by what runs unpaid, or is stopped.
create index service_unpaid on service (paid_until) where status = 'Active';
create index service_overdue on service (suspended_at) where status = 'Suspended' and suspend_reason = 'overdue';
