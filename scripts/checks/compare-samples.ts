/** How a sample compares with a reference sample. */
export type Comparison = {
  /** The difference of the medians, and the bounds of its confidence interval. */
  difference: number
  interval: readonly [number, number]
  /** How often a value of the sample is above one of the reference; 0.5 if they are alike. */
  superiority: number
  /** How likely a Mann-Whitney U test gives as much by chance, if they are alike. */
  chance: number
}

const RESAMPLES = 500

/**
 * Compares two samples by a Mann-Whitney U test, two-sided and corrected for ties, and by the
 * bootstrap interval of their medians' difference.
 *
 * @param random from 0 up to 1
 * @param level of significance
 */
export function compareSamples(
  sample: readonly number[],
  reference: readonly number[],
  random: () => number,
  level: number,
): Comparison {
  const differences = Float64Array.from(
    { length: RESAMPLES },
    () => median(resample(sample, random)) - median(resample(reference, random)),
  ).toSorted()
  const at = (share: number) => differences[Math.round(share * (RESAMPLES - 1))] ?? 0
  return {
    difference: median(Float64Array.from(sample)) - median(Float64Array.from(reference)),
    interval: [at(level / 2), at(1 - level / 2)],
    ...mannWhitney(sample, reference),
  }
}

/** The values without the largest share: what a pause of the process or machine made late. */
export function trimmed(values: readonly number[], share: number): number[] {
  const sorted = values.toSorted((one, other) => one - other)
  const limit = sorted[Math.floor(sorted.length * (1 - share))] ?? Infinity
  return values.filter((value) => value < limit)
}

export function median(values: Float64Array): number {
  const sorted = values.toSorted()
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half - 1)] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

function resample(values: readonly number[], random: () => number): Float64Array {
  return Float64Array.from(values, () => values[Math.floor(random() * values.length)] ?? 0)
}

function mannWhitney(sample: readonly number[], reference: readonly number[]) {
  const all = [
    ...sample.map((value) => ({ value, isOurs: true })),
    ...reference.map((value) => ({ value, isOurs: false })),
  ].toSorted((one, other) => one.value - other.value)
  let ranks = 0
  let ties = 0
  for (let first = 0, end = 0; first < all.length; first = end) {
    while (end < all.length && all[end]?.value === all[first]?.value) end += 1
    const tied = all.slice(first, end)
    ranks += tied.filter(({ isOurs }) => isOurs).length * ((first + 1 + end) / 2)
    ties += tied.length ** 3 - tied.length
  }
  const [ours, theirs, total] = [sample.length, reference.length, all.length]
  const u = ranks - (ours * (ours + 1)) / 2
  const variance = ((ours * theirs) / 12) * (total + 1 - ties / (total * (total - 1)))
  const z = variance === 0 ? 0 : (u - (ours * theirs) / 2) / Math.sqrt(variance)
  return { superiority: u / (ours * theirs), chance: 2 * normalTail(Math.abs(z)) }
}

/** How likely a normal variable is above z, for z from 0 (Abramowitz and Stegun, 26.2.17). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z)
  const coefficients = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_53]
  const sum = coefficients.reduce((inner, coefficient) => inner * t + coefficient, 0) * t
  return (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum
}
