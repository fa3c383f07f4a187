-- A period that was given back before it began bills nothing: its days can be billed again, under other terms.
drop index billed_period_once;
create unique index billed_period_once on billed_period (service_id, starts_at, reason)
  where released_at is null and reason <> 'upgrade' and (ended_at is null or ended_at > starts_at);
