import { ShieldAlert } from 'lucide-react'
import type { RiskSummary, RiskLevel } from '../../../contract/access/risk-summary.ts'
import { Badge } from '../../ui/feedback/badge.tsx'
import { formatQuantity } from '../../ui/text/format.ts'

const labels: Readonly<Record<Exclude<RiskLevel, 'none'>, string>> = {
  read: 'Read only',
  write: 'Can write',
  undoLimits: 'Can undo limits',
}

/** How far the access of a key reaches, as a badge. */
export function RiskBadge({ risk: { level } }: { risk: RiskSummary }) {
  if (level === 'none') return null
  if (level !== 'undoLimits') return <Badge>{labels[level]}</Badge>
  return (
    <Badge tone="warn" icon={<ShieldAlert className="size-3" />}>
      {labels[level]}
    </Badge>
  )
}

/** The heading of risk notes; it points out that a short list holds such a right. */
export function riskHeading({ risky, granted, isNarrow }: RiskSummary): string {
  const count = formatQuantity(risky.length, 'endpoint')
  if (!isNarrow) return `${count} can undo other limits`
  const all = formatQuantity(granted, 'endpoint')
  return risky.length === granted
    ? `Only ${all}, and ${granted === 1 ? 'it' : 'each'} can undo other limits`
    : `Only ${all}, yet ${risky.length} can undo other limits`
}
