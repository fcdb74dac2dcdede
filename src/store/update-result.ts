/** What came of a change that was based on a version. */
export type UpdateResult<Result> =
  | { outcome: 'done'; result: Result }
  | { outcome: 'missing' }
  | { outcome: 'stale' }
