type Options = { name: string; help: string; buckets: readonly number[] }

/**
 * A Prometheus histogram that observes a value in a few nanoseconds. prom-client's needs two
 * microseconds, since it looks up labels and buckets by name, and every call observes two values.
 */
export class FastHistogram {
  readonly #options: Options
  readonly #series: Series[] = []

  constructor(options: Options) {
    this.#options = options
  }

  /** Makes the series of a set of labels; call it once per set. */
  series(labels: Readonly<Record<string, string>>): Series {
    const written = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
    const series = new Series(written, this.#options.buckets)
    this.#series.push(series)
    return series
  }

  /** Prometheus text format. */
  text(): string {
    const { name, help } = this.#options
    const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`]
    return [...lines, ...this.#series.flatMap((series) => series.lines(name)), ''].join('\n')
  }
}

class Series {
  readonly #labels: readonly string[]
  readonly #bounds: readonly number[]
  /** One per bound, and one for +Inf. */
  readonly #counts: Float64Array
  #sum = 0

  constructor(labels: readonly string[], bounds: readonly number[]) {
    this.#labels = labels
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let at = 0
    while (value > (this.#bounds[at] ?? Infinity)) at += 1
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#sum += value
  }

  lines(name: string): string[] {
    const withLabels = (suffix: string, labels: readonly string[], value: number) =>
      `${name}_${suffix}${labels.length === 0 ? '' : `{${labels.join()}}`} ${value}`
    let upTo = 0
    const buckets = [...this.#bounds, '+Inf'].map((bound, at) => {
      upTo += this.#counts[at] ?? 0
      return withLabels('bucket', [...this.#labels, `le="${bound}"`], upTo)
    })
    return [
      ...buckets,
      withLabels('sum', this.#labels, this.#sum),
      withLabels('count', this.#labels, upTo),
    ]
  }
}
