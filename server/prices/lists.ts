/**
 * SQL of a column of a group's rows as one list: thousands of rows come faster as a few of lists, made of an array (json_agg
 * takes twice as long). Without an `order` they come as they are read; lists of the same group in the same order.
 */
export const listOf = (column: string, order = ''): string => `array_to_json(array_agg(${column} ${order}))`
