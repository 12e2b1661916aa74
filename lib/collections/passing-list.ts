interface Place<T extends object> {
  value: T | undefined
  before: Place<T> | undefined
  after: Place<T> | undefined
}

/**
 * A list of what comes and goes all the time, in order of coming; each leaves by what its coming returned. A
 * place that was left leads nowhere: as with `PassingMap`, what is over must not keep alive what comes after it.
 */
export class PassingList<T extends object> {
  #first: Place<T> | undefined
  #last: Place<T> | undefined

  /** Returns what takes it out again; calling that twice does nothing. */
  add(value: T): () => void {
    const place: Place<T> = { value, before: this.#last, after: undefined }
    if (this.#last) this.#last.after = place
    else this.#first = place
    this.#last = place
    return () => this.#leave(place)
  }

  /** What came first; undefined when there is nothing. */
  first(): T | undefined {
    return this.#first?.value
  }

  /** Takes out what came first. */
  shift(): T | undefined {
    const place = this.#first
    const value = place?.value
    if (place) this.#leave(place)
    return value
  }

  #leave(place: Place<T>): void {
    if (place.value === undefined) return
    if (place.before) place.before.after = place.after
    else this.#first = place.after
    if (place.after) place.after.before = place.before
    else this.#last = place.before
    place.value = place.before = place.after = undefined
  }
}
