import type { KeyCondition } from '../../../contract/keys/key-conditions.ts'
import { formatCount } from '../../ui/text/format.ts'

type ConditionText = {
  /** The words after the count in the health line. */
  label: (count: number) => string
  /** Why it needs attention, and what to do. */
  advice: string
}

/** The label and the advice of each key condition. */
export const conditionTexts: Readonly<Record<KeyCondition, ConditionText>> = {
  fullAccess: {
    label: () => 'with full access',
    advice:
      'These keys may call everything, now and later. Choose the endpoints that each one needs.',
  },
  neverExpires: {
    label: (count) => (count === 1 ? 'never expires' : 'never expire'),
    advice: 'A forgotten key stays good for ever. Set a date on which each one ends.',
  },
  unused30: {
    label: () => 'unused for 30 days',
    advice:
      'Nothing used these keys for 30 days. Disable what nobody misses; enabling it again takes one click.',
  },
  unused90: {
    label: () => 'unused for 90 days',
    advice:
      'Nothing used these keys for 90 days. Disable them, and delete them once nobody misses them.',
  },
  oldSecretInUse: {
    label: (count) => (count === 1 ? 'old secret in use' : 'old secrets in use'),
    advice:
      'Something still calls with the old secret of these keys. Give it the new one, then end the old one.',
  },
  legacy: {
    label: () => 'legacy',
    advice:
      'Made before API keys had permissions. Replace each with one that may call only what it needs.',
  },
  unusedPermissions: {
    label: () => 'with unused permissions',
    advice:
      'These keys may call endpoints that they didn’t use in the last 90 days. Keep only what was used.',
  },
}

/** A condition with its count, as in "3 never expire". */
export function conditionText(condition: KeyCondition, count: number): string {
  return `${formatCount(count)} ${conditionTexts[condition].label(count)}`
}
