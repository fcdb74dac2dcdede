import type { Catalog, Operation } from '../catalog/operation.ts'
import type { Access } from './access.ts'
import { summarizeAccess } from './summary.ts'

/**
 * How far the rights of a key reach: nowhere, to reading, to changing things, or to getting
 * around limits that were set by other means.
 */
export type RiskLevel = 'none' | 'read' | 'write' | 'undoLimits'

export type RiskSummary = {
  level: RiskLevel
  /** How many operations of the catalog it grants. */
  granted: number
  /** The operations behind `undoLimits`; each carries its risk in a sentence. */
  risky: readonly Operation[]
  /** Whether the list is short, so that nobody would look for such a right in it. */
  isNarrow: boolean
}

// A quarter of a catalog, rounded down: 19 of 77, 13 of 55, 2 of 11.
const NARROW_SHARE = 4

/** Sums up what an access amounts to in this catalog. */
export function summarizeRisk(access: Access, catalog: Catalog): RiskSummary {
  const { granted, total, byMethod, risky } = summarizeAccess(access, catalog)
  const writes = byMethod.some(({ method }) => method !== 'GET')
  const harmless = writes ? 'write' : granted > 0 ? 'read' : 'none'
  return {
    level: risky.length > 0 ? 'undoLimits' : harmless,
    granted,
    risky,
    isNarrow: access.mode === 'list' && granted * NARROW_SHARE <= total,
  }
}
