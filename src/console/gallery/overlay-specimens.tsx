import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/buttons/button.tsx'
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx'
import { Dialog } from '../ui/overlays/dialog.tsx'
import { Menu } from '../ui/overlays/menu.tsx'
import { showToast } from '../ui/overlays/toast-store.ts'
import type { Specimen } from './specimen.ts'

const nothing = () => {}

function Menus() {
  return (
    <Menu
      label="Actions for a key"
      items={[
        { label: 'Edit', icon: <Pencil className="size-4" />, onSelect: nothing },
        { label: 'Rotate', onSelect: nothing, disabledReason: 'The key has expired.' },
        {
          label: 'Delete',
          icon: <Trash2 className="size-4" />,
          tone: 'danger',
          onSelect: nothing,
        },
      ]}
    />
  )
}

type Open = 'dialog' | 'confirm' | 'typed' | 'failed' | undefined

function Dialogs() {
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  return (
    <>
      <Button onClick={() => setOpen('dialog')}>Dialog</Button>
      <Button onClick={() => setOpen('confirm')}>Question</Button>
      <Button onClick={() => setOpen('typed')}>Question with text to type</Button>
      <Button onClick={() => setOpen('failed')}>Question after a failure</Button>
      {open === 'dialog' && (
        <Dialog
          title="A dialog"
          subtitle="plant-telemetry · Dedicated v5"
          footer={<Button onClick={close}>Cancel</Button>}
          onRequestClose={close}
        >
          <p className="p-6">Its body scrolls when it is long.</p>
        </Dialog>
      )}
      {open !== undefined && open !== 'dialog' && (
        <ConfirmDialog
          title="Delete this API key?"
          confirmLabel="Delete"
          error={open === 'failed' ? "The store can't be reached at the moment." : undefined}
          {...(open === 'typed' && { typed: { text: 'plant', what: 'the deployment’s name' } })}
          onConfirm={close}
          onCancel={close}
        >
          Its next call gets 401.
        </ConfirmDialog>
      )}
    </>
  )
}

function ToastButtons() {
  return (
    <>
      <Button onClick={() => showToast('ok', 'Copied.')}>Toast</Button>
      <Button onClick={() => showToast('danger', 'Nothing was copied.')}>Toast of a failure</Button>
    </>
  )
}

export const overlays: readonly Specimen[] = [
  { title: 'Menu', content: Menus },
  { title: 'Dialogs', content: Dialogs },
  { title: 'Toasts', content: ToastButtons },
]
