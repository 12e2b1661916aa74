/** An object with one field, or none when there is no value: absent is absent, never undefined. */
export const optional = <Name extends string, T>(name: Name, value: T | undefined): { readonly [Key in Name]?: T } =>
  // The one field this type has.
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: T }
