/**
 * The states of countries that leave taxes to them, by their codes of ISO 3166-2: what people write instead, in the
 * languages of the country.
 */
export const stateNames: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  CA: {
    AB: ['Alberta'],
    BC: ['British Columbia', 'Colombie-Britannique'],
    MB: ['Manitoba'],
    NB: ['New Brunswick', 'Nouveau-Brunswick'],
    NL: ['Newfoundland and Labrador', 'Newfoundland & Labrador', 'Newfoundland', 'Terre-Neuve-et-Labrador', 'NF'],
    NS: ['Nova Scotia', 'Nouvelle-Écosse'],
    NT: ['Northwest Territories', 'Territoires du Nord-Ouest'],
    NU: ['Nunavut'],
    ON: ['Ontario'],
    PE: ['Prince Edward Island', 'Île-du-Prince-Édouard', 'PEI'],
    QC: ['Quebec', 'Québec', 'PQ'],
    SK: ['Saskatchewan'],
    YT: ['Yukon', 'Yukon Territory'],
  },
  US: {
    AL: ['Alabama'],
    AK: ['Alaska'],
    AZ: ['Arizona'],
    AR: ['Arkansas'],
    CA: ['California'],
    CO: ['Colorado'],
    CT: ['Connecticut'],
    DE: ['Delaware'],
    DC: ['District of Columbia', 'Washington DC'],
    FL: ['Florida'],
    GA: ['Georgia'],
    HI: ['Hawaii'],
    ID: ['Idaho'],
    IL: ['Illinois'],
    IN: ['Indiana'],
    IA: ['Iowa'],
    KS: ['Kansas'],
    KY: ['Kentucky'],
    LA: ['Louisiana'],
    ME: ['Maine'],
    MD: ['Maryland'],
    MA: ['Massachusetts'],
    MI: ['Michigan'],
    MN: ['Minnesota'],
    MS: ['Mississippi'],
    MO: ['Missouri'],
    MT: ['Montana'],
    NE: ['Nebraska'],
    NV: ['Nevada'],
    NH: ['New Hampshire'],
    NJ: ['New Jersey'],
    NM: ['New Mexico'],
    NY: ['New York', 'New York State'],
    NC: ['North Carolina'],
    ND: ['North Dakota'],
    OH: ['Ohio'],
    OK: ['Oklahoma'],
    OR: ['Oregon'],
    PA: ['Pennsylvania'],
    RI: ['Rhode Island'],
    SC: ['South Carolina'],
    SD: ['South Dakota'],
    TN: ['Tennessee'],
    TX: ['Texas'],
    UT: ['Utah'],
    VT: ['Vermont'],
    VA: ['Virginia'],
    WA: ['Washington', 'Washington State'],
    WV: ['West Virginia'],
    WI: ['Wisconsin'],
    WY: ['Wyoming'],
    AS: ['American Samoa'],
    GU: ['Guam'],
    MP: ['Northern Mariana Islands'],
    PR: ['Puerto Rico'],
    VI: ['Virgin Islands', 'US Virgin Islands'],
  },
}

const codes: ReadonlyMap<string, string> = new Map(
  Object.entries(stateNames).flatMap(([country, states]) =>
    Object.entries(states).flatMap(([code, names]) =>
      [code, `${country}-${code}`, ...names].map(name => [`${country}/${folded(name)}`, code] as const),
    ),
  ),
)

/** `QC` of CA for `Quebec`, `québec`, `qc` and `CA-QC`. What is not known stays as it is written. */
export function stateCode(country: string, state: string): string {
  return codes.get(`${country}/${folded(state)}`) ?? state.trim()
}

/** Neither case nor accents nor what stands between words makes another name. */
function folded(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f\s.,’'&-]/g, '')
    .toLowerCase()
}
