/** What was chosen: a quantity, or a text, by item by field. What services keep as their `config`. */
export type Config = Readonly<Record<string, FieldConfig>>
export type FieldConfig = Readonly<Record<string, number | string>>
