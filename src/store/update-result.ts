/** What came of a change that was based on a version. */
export type ChangeOutcome<Result> =
  | { outcome: 'done'; result: Result }
  | { outcome: 'missing' }
  | { outcome: 'stale' }
