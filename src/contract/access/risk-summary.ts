import type { Catalog, Operation } from '../catalog/operation.ts'
import type { Access } from './access.ts'
import { summarizeAccess } from './summary.ts'

/** How far a key's access reaches: nothing, reads, writes, or bypassing other limits. */
export type RiskLevel = 'none' | 'read' | 'write' | 'undoLimits'

export type RiskSummary = {
  level: RiskLevel
  /** The number of granted operations of the catalog. */
  granted: number
  /** The granted operations that bypass other limits, each with its risk in a sentence. */
  risky: readonly Operation[]
  /** Whether the list is so short that nobody would expect such an operation in it. */
  isNarrow: boolean
}

// A quarter of a catalog, rounded down: 19 of 77, 13 of 55, 2 of 11.
const NARROW_SHARE = 4

/** Summarizes the risk of an access in a catalog. */
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
