import { lazyDialog } from '../../ui/lazy/lazy-dialog.tsx'

export const AddDeploymentDialog = lazyDialog(
  async () => (await import('./add-deployment-dialog.tsx')).AddDeploymentDialog,
)
export const RenameDialog = lazyDialog(
  async () => (await import('./rename-dialog.tsx')).RenameDialog,
)
export const RemoveDialog = lazyDialog(
  async () => (await import('./remove-dialog.tsx')).RemoveDialog,
)
