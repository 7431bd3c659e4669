// The page knows the contract by its types only; this is its value.
export const MOST_SELLERS: (typeof import('#contract/survey.ts'))['MOST_SELLERS'] = 9
