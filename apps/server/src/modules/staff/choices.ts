/** What was chosen of a form, as its owner reads it. */
export interface ChosenItem {
  readonly field: string
  readonly item: string
  /** Null: it is a text. */
  readonly quantity: number | null
  readonly text: string | null
}

/** A column of queries of `service`: all that was chosen, in the order of the form, in {@link ChosenItem}s. */
export const choicesColumn = `coalesce((
  select json_agg(json_build_object('field', field.title, 'item', item.title,
    'quantity', case jsonb_typeof(chosen.value) when 'number' then chosen.value end,
    'text', case jsonb_typeof(chosen.value) when 'string' then chosen.value #>> '{}' end)
    order by field.position, field.id, item.position, item.id)
  from jsonb_each(service.config) as part cross join lateral jsonb_each(part.value) as chosen
  join form_item as item on item.id::text = chosen.key join form_field as field on field.id = item.field_id), '[]') as choices`
