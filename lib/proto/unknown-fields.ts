/** Where a decoded message keeps the fields its type does not have: their wire forms, in order. */
export const unknownFields: unique symbol = Symbol('unknownFields')

/** A message under the codec's hands: fields by name, and under {@link unknownFields} what is foreign. */
export type Fields = Record<string | symbol, unknown>
