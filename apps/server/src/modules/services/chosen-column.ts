/** A column: what a configuration has chosen by its names, in the order of the form (Chosen of the catalogue). */
export function chosenColumn(config: string): string {
  return `coalesce((
    select jsonb_agg(jsonb_build_object('type', f.type, 'field', f.title, 'item', it.title, 'value', chosen.value)
      order by f.position, f.id, it.position, it.id)
    from jsonb_each(${config}) as part cross join lateral jsonb_each(part.value) as chosen
    join form_item it on it.id = chosen.key::bigint join form_field f on f.id = it.field_id), '[]')`
}
