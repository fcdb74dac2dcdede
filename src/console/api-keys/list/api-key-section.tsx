import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { memo, useDeferredValue, useRef, useState } from 'react'
import { planRules } from '../../../contract/deployments/plans.ts'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import type { KeyHealth } from '../../../contract/usage/schemas.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { useDisabledReason } from '../../session/permission.ts'
import { useLostFocus } from '../../table/use-lost-focus.ts'
import { Button } from '../../ui/buttons/button.tsx'
import { showToast } from '../../ui/overlays/toast-store.ts'
import { formatCount } from '../../ui/text/format.ts'
import { useMediaQuery } from '../../ui/use-media-query.ts'
import { keyCountQueries } from '../data/invalidated-queries.ts'
import { noDialog, type KeyDialog } from '../data/key-dialog.ts'
import { keyHealthQuery } from '../data/key-health-query.ts'
import { isFiltered, type ApiKeySearch } from '../data/key-list-search.ts'
import { useCatalog, type CatalogState } from '../data/use-catalog.ts'
import { LazyKeyDialogs, loadKeyDialogs, preloadKeyDialogs } from '../dialogs/lazy-key-dialogs.tsx'
import { HealthLine } from './health-line.tsx'
import { KeyList } from './key-list.tsx'
import { NoKeys } from './list-states.tsx'
import { Toolbar } from './toolbar.tsx'
import { useKeyList } from './use-key-list.ts'
import { useKeySearch, type ChangeSearch } from './use-key-search.ts'

// Eight columns don't fit.
const NARROW = '(max-width: 63.99rem)'

/** The "Deployment API Key" section of the overview: the key table, its toolbar and its dialogs. */
export function ApiKeySection({ deployment }: { deployment: Deployment }) {
  const { search, change } = useKeySearch()
  const list = useKeyList(deployment.id, search)
  const catalog = useCatalog(deployment.id)
  const { data: health, isPending } = useQuery(keyHealthQuery(deployment.id))
  // Each poll renders this component. The memoised rest renders only if its answer changed, and
  // interruptibly, so that typing in an open dialog stays fast.
  return (
    <SectionContent
      deployment={deployment}
      search={search}
      change={change}
      list={list}
      catalog={catalog}
      health={health}
      healthIsPending={useDeferredValue(isPending)}
    />
  )
}

const SectionContent = memo(function SectionContent({
  deployment,
  search,
  change,
  list,
  catalog,
  health,
  healthIsPending,
}: {
  deployment: Deployment
  search: ApiKeySearch
  change: ChangeSearch
  list: ReturnType<typeof useKeyList>
  catalog: CatalogState
  health: KeyHealth | undefined
  healthIsPending: boolean
}) {
  const { keysAreConfigurable } = planRules(deployment)
  const refusal = useDisabledReason()
  const isNarrow = useMediaQuery(NARROW)
  const [dialog, setDialog] = useState<KeyDialog>(noDialog)
  const heading = useRef<HTMLHeadingElement>(null)
  const focusReturn = useRef<HTMLElement>(null)
  const { workIsDone, handlers } = useLostFocus(list.keys, heading)
  const serverless = useCreateWithoutForm(deployment.id, changeDialog)

  const filtered = isFiltered(search)
  const isEmpty = !filtered && (list.keys ? list.keys.length === 0 : deployment.apiKeyCount === 0)

  function changeDialog(next: KeyDialog): void {
    // The first key replaces the empty state, and with it the button that had the focus.
    if (next.kind === 'created' && isEmpty) focusReturn.current = heading.current
    if (next.kind === 'closed') workIsDone()
    setDialog(next)
  }

  function startNew(): void {
    if (keysAreConfigurable) setDialog({ kind: 'form', purpose: { kind: 'new' } })
    else void serverless.create()
  }

  const newKey = (
    <Button
      variant="primary"
      icon={<Plus className="size-4" />}
      loading={serverless.isPending}
      disabledReason={refusal('apiKeys.manage', 'create API keys')}
      onClick={startNew}
      onPointerEnter={preloadKeyDialogs}
      onFocus={preloadKeyDialogs}
    >
      New API Key
    </Button>
  )
  const hasList = !isEmpty || list.error !== null

  return (
    <section aria-labelledby="api-keys">
      <div className="mb-3 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
        <h2
          id="api-keys"
          ref={heading}
          tabIndex={-1}
          className="rounded-xs text-lg font-semibold outline-offset-4"
        >
          Deployment API Key
        </h2>
        {hasList && (
          <>
            <Count total={list.total} all={deployment.apiKeyCount} filtered={filtered} />
            <Toolbar
              search={search}
              configurable={keysAreConfigurable}
              showsSort={isNarrow}
              onChange={change}
            >
              {newKey}
            </Toolbar>
          </>
        )}
      </div>
      {hasList && health && (
        <HealthLine
          counts={health.counts}
          configurable={keysAreConfigurable}
          condition={search.condition}
          onCondition={(condition) => {
            void change((current) => ({ ...current, condition: condition ?? '' }), { push: true })
          }}
        />
      )}
      <div {...handlers} className="overflow-hidden rounded-md border border-line bg-panel">
        {hasList ? (
          <KeyList
            deployment={deployment}
            catalog={catalog.catalog}
            // They wait for the health line above them, so that nothing moves later.
            list={healthIsPending ? { ...list, keys: undefined } : list}
            search={search}
            isNarrow={isNarrow}
            onSearch={change}
            onDialog={setDialog}
          />
        ) : (
          <NoKeys deployment={deployment} action={newKey} />
        )}
      </div>
      <LazyKeyDialogs
        deployment={deployment}
        catalog={catalog}
        dialog={dialog}
        focusReturn={focusReturn}
        onDialog={changeDialog}
        onDeleted={() => {
          focusReturn.current = heading.current
        }}
      />
    </section>
  )
})

function Count({ total, all, filtered }: { total: number; all: number; filtered: boolean }) {
  const text = filtered ? `${formatCount(total)} of ${formatCount(all)}` : formatCount(all)
  return <output className="-ml-1.5 text-muted tabular-nums">{text}</output>
}

/** Creates a key without a form, since keys of the Serverless plan have nothing to choose. */
function useCreateWithoutForm(deploymentId: string, onDialog: (dialog: KeyDialog) => void) {
  const { mutateAsync, reset } = useApiMutation('createApiKey', {
    invalidates: [...keyCountQueries],
    errorIn: 'toast',
    errorTitle: 'No API key was made.',
  })
  const [isPending, setIsPending] = useState(false)
  // A second click may come before the button renders as busy, and would create a second key.
  const isCreating = useRef(false)

  async function create(): Promise<void> {
    if (isCreating.current) return
    isCreating.current = true
    setIsPending(true)
    await loadDialogAndCreate()
    isCreating.current = false
    setIsPending(false)
  }

  async function loadDialogAndCreate(): Promise<void> {
    try {
      // The dialog that shows the secret loads first: a key whose secret nobody sees is useless.
      await loadKeyDialogs()
    } catch {
      showToast('danger', 'No API key was made: the page didn’t load in full. Try again.')
      return
    }
    try {
      const { apiKey, appSecret } = await mutateAsync({ params: { deploymentId }, body: {} })
      onDialog({ kind: 'created', apiKey, appSecret })
    } catch {
      // The mutation has shown a toast.
    } finally {
      reset()
    }
  }

  return { create, isPending }
}
