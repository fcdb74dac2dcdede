import { useMemo, useRef, useState, type ClipboardEvent, type ReactNode } from 'react'
import { decide, type Decision } from '../../../../contract/access/access.ts'
import type { PathProblem } from '../../../../contract/access/path.ts'
import { compileRouter } from '../../../../contract/access/router.ts'
import type { OperationId } from '../../../../contract/catalog/operation.ts'
import type { Deployment } from '../../../../contract/deployments/schemas.ts'
import type { ApiKey } from '../../../../contract/keys/schemas.ts'
import { Button } from '../../../ui/buttons/button.tsx'
import { Skeleton } from '../../../ui/feedback/empty-and-error.tsx'
import { Field, TextInput } from '../../../ui/fields/field.tsx'
import { Select } from '../../../ui/fields/select.tsx'
import { cx } from '../../../ui/text/cx.ts'
import { notOfferedText, type CatalogView } from '../../data/catalog-view.ts'
import { AddPermission } from '../add-permission.tsx'
import { Section } from '../section.tsx'
import { parseCall, type TestedCall } from './parse-call.ts'
import { isCurl, testMethods, type TestMethod } from './parse-curl.ts'

/**
 * Says whether a key may make a call, with the code that the gateway uses. A pasted curl line is
 * parsed here; whatever else it holds, such as a secret, is dropped at once.
 */
export function AccessTester({
  deployment,
  apiKey,
  catalog,
  onAdd,
}: {
  deployment: Deployment
  apiKey: ApiKey
  catalog: CatalogView | undefined
  /** Opens the Edit dialog with this permission ticked; the focus returns to `origin`. */
  onAdd: (operation: OperationId, origin: HTMLElement | null) => void
}) {
  const [method, setMethod] = useState<TestMethod>('GET')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string>()
  const [tested, setTested] = useState<TestedCall>()
  const button = useRef<HTMLButtonElement>(null)
  const router = useMemo(() => catalog && compileRouter(catalog), [catalog])
  const decision = router && tested && decide(router, apiKey.access, tested.method, tested.path)

  function test(input: string): void {
    const result = parseCall(deployment, method, input)
    setProblem(result.ok ? undefined : result.problem)
    setTested(result.ok ? result.call : undefined)
    if (!result.ok) {
      if (isCurl(input)) setText('')
      return
    }
    setMethod(result.call.method)
    setText(result.call.path)
  }

  // The field would remove line breaks, and would show the secret.
  function paste(event: ClipboardEvent<HTMLInputElement>): void {
    const pasted = event.clipboardData.getData('text')
    if (!isCurl(pasted)) return
    event.preventDefault()
    test(pasted)
  }

  return (
    <Section title="Access tester">
      {catalog ? (
        <form
          noValidate
          className="px-4 py-3"
          onSubmit={(event) => {
            event.preventDefault()
            test(text)
          }}
        >
          <div className="flex flex-wrap items-start gap-2">
            <Field label="Method" className="w-28">
              {(control) => (
                <Select
                  {...control}
                  value={method}
                  onChange={({ target: { value } }) =>
                    setMethod(testMethods.find((one) => one === value) ?? 'GET')
                  }
                >
                  {testMethods.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </Select>
              )}
            </Field>
            <Field
              label="Path or curl line"
              className="min-w-48 flex-1"
              error={problem}
              hint="Nothing is called. Of a pasted curl line, method and path are kept and its secret is dropped."
            >
              {(control) => (
                <TextInput
                  {...control}
                  className="font-mono !text-sm"
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="/clients/line-3"
                  value={text}
                  onPaste={paste}
                  onChange={({ target: { value } }) => setText(value)}
                />
              )}
            </Field>
            <Button type="submit" ref={button} className="sm:mt-6.5">
              Check
            </Button>
          </div>
          <output className="block">
            {decision && tested && (
              <Verdict
                deployment={deployment}
                apiKey={apiKey}
                catalog={catalog}
                decision={decision}
                call={tested}
              />
            )}
          </output>
          {decision?.outcome === 'notGranted' && (
            <div className="mt-2.5">
              <AddPermission
                apiKey={apiKey}
                operation={decision.operation.id}
                onAdd={(operation) => onAdd(operation, button.current)}
              />
            </div>
          )}
        </form>
      ) : (
        <Skeleton className="mx-4 my-6 h-3 w-64" />
      )}
    </Section>
  )
}

const pathProblems: Readonly<Record<PathProblem, string>> = {
  'not absolute': 'a path starts with "/"',
  'empty segment': 'it has an empty segment ("//", or "/" at its end)',
  'dot segment': 'it climbs by "." or ".."',
  'control character': 'it has a control character',
  backslash: 'it has a backslash',
  'bad percent-encoding': 'a character in it has to be percent-encoded, or isn’t rightly',
  'bad UTF-8': 'its percent-encoding isn’t UTF-8',
}

function Verdict({
  deployment,
  apiKey,
  catalog,
  decision,
  call: { method, path },
}: {
  deployment: Deployment
  apiKey: ApiKey
  catalog: CatalogView
  decision: Decision
  call: TestedCall
}) {
  const isAllowed = decision.outcome === 'allowed'
  return (
    <div
      className={cx(
        'mt-3 rounded-sm px-3 py-2 text-pretty',
        isAllowed ? 'bg-ok-soft text-ok-ink' : 'bg-warn-soft text-warn-ink',
      )}
    >
      <p className="wrap-anywhere">
        <strong className="font-semibold">
          {method} {path === '' ? '/' : path}
        </strong>
      </p>
      <p className="wrap-anywhere">{verdictText(decision, method, deployment)}</p>
      {isAllowed && <Caveats {...{ deployment, apiKey, catalog, decision }} />}
    </div>
  )
}

function verdictText(decision: Decision, method: string, { name }: Deployment): ReactNode {
  if (decision.outcome === 'allowed') {
    return `Allowed by ${decision.operation.category} › ${decision.operation.id}`
  }
  if (decision.outcome === 'notGranted') {
    return `Refused: not granted. It needs ${decision.operation.category} › ${decision.operation.id}`
  }
  if (decision.outcome === 'unknownOperation') {
    return `Refused: ${name} has no ${method} at this path. It answers 404 to every key.`
  }
  return `Refused: this path can’t be read in one way only, since ${pathProblems[decision.problem]}. It answers 400 to every key.`
}

/** What else an allowed call needs in order to get through. */
function Caveats({
  deployment,
  apiKey: { status, allowedAddresses },
  catalog,
  decision,
}: {
  deployment: Deployment
  apiKey: ApiKey
  catalog: CatalogView
  decision: Extract<Decision, { outcome: 'allowed' }>
}) {
  const isOffered = catalog.byId.get(decision.operation.id)?.availability === 'offered'
  return (
    <>
      {status !== 'active' && <p>But the key is {status}, so none of its calls gets in now.</p>}
      {allowedAddresses.length > 0 && (
        <p>
          It must come from{' '}
          {allowedAddresses.length === 1
            ? allowedAddresses[0]
            : `one of ${allowedAddresses.length} allowed addresses`}
          .
        </p>
      )}
      {!isOffered && <p>{notOfferedText(deployment.backend.kind)}: it answers 501.</p>}
    </>
  )
}
