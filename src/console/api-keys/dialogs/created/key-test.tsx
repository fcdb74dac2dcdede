import { CircleCheck, CircleHelp, CircleX, Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/buttons/button.tsx'
import { MethodBadge } from '../../../ui/feedback/badge.tsx'
import type { TestPlan } from './sample-operation.ts'
import type { Credentials } from './snippets.ts'
import { callWithKey, testPath, type TestResult } from './test-call.ts'

const outcomes = {
  works: { icon: CircleCheck, className: 'text-ok-ink' },
  inconclusive: { icon: CircleHelp, className: 'text-warn-ink' },
  refused: { icon: CircleX, className: 'text-danger-ink' },
} as const

/** A panel that makes one real call with the new key and shows the response. */
export function KeyTest({ plan, credentials }: { plan: TestPlan; credentials: Credentials }) {
  const [result, setResult] = useState<TestResult>()
  const [running, setRunning] = useState(false)

  async function run(): Promise<void> {
    setRunning(true)
    // The gateway also answers on this page's origin, whatever its public address is.
    const { pathname } = new URL(credentials.apiBaseUrl)
    const apiBaseUrl = `${window.location.origin}${pathname}`
    setResult(await callWithKey(plan, { ...credentials, apiBaseUrl }))
    setRunning(false)
  }

  return (
    <section aria-labelledby="test-key" className="rounded-sm border border-line">
      <div className="flex items-center gap-3 py-2 pr-2 pl-3">
        <div className="min-w-0 flex-1">
          <h3 id="test-key" className="sr-only">
            Test
          </h3>
          <p className="flex flex-wrap items-center gap-x-2">
            <MethodBadge method={plan.operation.method} />
            <span className="font-mono text-sm/5 break-all">{testPath(plan)}</span>
          </p>
          <p className="text-sm text-pretty text-muted">
            {plan.expects === 'answer'
              ? 'One real call that only reads.'
              : 'This key may make no call without effect. A call it may not make is refused with 403, and that shows that the secret is right.'}
          </p>
        </div>
        <Button icon={<Play className="size-3.5" />} loading={running} onClick={() => void run()}>
          Test key
        </Button>
      </div>
      <div aria-live="polite">{result && <TestAnswer result={result} />}</div>
    </section>
  )
}

function TestAnswer({ result: { outcome, status, verdict, body } }: { result: TestResult }) {
  const { icon: Icon, className } = outcomes[outcome]
  return (
    <div className="border-t border-line px-3 py-2">
      <p className="flex items-start gap-2">
        <Icon className={`mt-0.5 size-4 ${className}`} />
        <span>
          {status !== undefined && (
            <span className="font-mono text-sm/5 font-semibold">{status} </span>
          )}
          {verdict}
        </span>
      </p>
      {body !== undefined && body !== '' && (
        <pre className="mt-1.5 rounded-xs bg-sunken px-2 py-1 font-mono text-sm break-all whitespace-pre-wrap text-muted">
          {body}
        </pre>
      )}
    </div>
  )
}
