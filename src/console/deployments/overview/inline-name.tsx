import { Check, Pencil, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Deployment } from '../../../contract/deployments/schemas.ts'
import { DEPLOYMENT_NAME_MAX } from '../../../contract/http/limits.ts'
import { lengthError } from '../../form/text-length.ts'
import { useDisabledReason } from '../../session/permission.ts'
import { IconButton } from '../../ui/buttons/button.tsx'
import { useRename } from '../parts/use-rename.ts'

/**
 * The name as the page's heading, edited in place: Enter saves, Esc leaves it as it was. A
 * failure is shown with what was typed.
 */
export function InlineName({ deployment }: { deployment: Deployment }) {
  const [isEditing, setIsEditing] = useState(false)
  const returnFocus = useRef(false)

  function leave(): void {
    returnFocus.current = true
    setIsEditing(false)
  }

  const refusal = useDisabledReason()
  if (isEditing) return <NameForm deployment={deployment} onLeave={leave} />
  return (
    <div className="min-w-0 text-xl">
      <h1 className="inline pr-8 wrap-anywhere">{deployment.name}</h1>
      <IconButton
        label="Rename"
        // Without a width of its own it stays with the name's last word.
        className="-ml-7 align-middle text-faint"
        ref={(button) => {
          if (!returnFocus.current) return
          returnFocus.current = false
          button?.focus()
        }}
        icon={<Pencil className="size-3.5" />}
        disabledReason={refusal('deployments.manage', 'rename deployments')}
        onClick={() => setIsEditing(true)}
      />
    </div>
  )
}

function NameForm({ deployment, onLeave }: { deployment: Deployment; onLeave: () => void }) {
  const { name } = deployment
  const { isSaving, rename } = useRename(deployment)
  const [entry, setEntry] = useState(name)
  const [problem, setProblem] = useState('')
  const error = problem || lengthError(entry, DEPLOYMENT_NAME_MAX)

  async function submit(): Promise<void> {
    if (isSaving || lengthError(entry, DEPLOYMENT_NAME_MAX) !== undefined) return
    const failure = await rename(entry)
    if (failure === undefined) onLeave()
    else setProblem(failure)
  }

  return (
    <form
      className="relative flex max-w-md min-w-0 flex-[1_1_16rem] items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h1 className="sr-only">{name}</h1>
      <input
        // The pencil asked for it; the focus goes back there after.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        aria-label="Name"
        aria-invalid={error !== undefined}
        aria-describedby="name-error"
        value={entry}
        maxLength={DEPLOYMENT_NAME_MAX}
        readOnly={isSaving}
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setEntry(event.target.value)
          setProblem('')
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onLeave()
        }}
        className="control -ml-[0.6875rem] min-w-0 flex-1 !text-xl font-semibold"
      />
      <IconButton
        type="submit"
        label="Save"
        size={32}
        icon={isSaving ? <span className="spinner size-4" /> : <Check className="size-4" />}
      />
      <IconButton label="Cancel" size={32} icon={<X className="size-4" />} onClick={onLeave} />
      <p
        id="name-error"
        role="alert"
        className="absolute top-full left-0 z-10 mt-1 max-w-full rounded-xs bg-danger-soft px-2 py-1 text-sm text-danger-ink empty:hidden"
      >
        {error}
      </p>
    </form>
  )
}
