import { deploymentCases } from './deployments.ts'
import type { ContractCase } from './host.ts'
import { apiKeyCases } from './keys.ts'

/**
 * What every host promises, whatever store is under it: run it against each. A case leaves
 * the host as it found it.
 */
export const contractCases: ContractCase[] = [...deploymentCases, ...apiKeyCases]
