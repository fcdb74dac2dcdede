import { zodResolver } from '@hookform/resolvers/zod'
import { useForm, useWatch, type Resolver } from 'react-hook-form'
import {
  planNames,
  planRules,
  plans,
  versions,
  type Plan,
  type Version,
} from '../../../contract/deployments/plans.ts'
// oxlint-disable-next-line no-restricted-imports -- this dialog is itself loaded on demand
import { deploymentInputSchema, type Deployment } from '../../../contract/deployments/schemas.ts'
import { DEPLOYMENT_NAME_MAX } from '../../../contract/http/limits.ts'
import { useApiMutation } from '../../api/mutation.ts'
import { ChoiceCard } from '../../form/choice-card.tsx'
import { Choices } from '../../form/choices.tsx'
import { FormDialog } from '../../form/form-dialog.tsx'
import { lengthCounter, lengthError } from '../../form/text-length.ts'
import { TextField } from '../../ui/fields/field.tsx'
import { emptyDeploymentForm, toDeploymentInput, type DeploymentForm } from './deployment-form.ts'

const operations = (plan: Plan, version: Version = 'v5') =>
  planRules({ plan, version }).operationCount

const planTexts: Record<Plan, string> = {
  serverless: `${operations('serverless')} operations; every key has full access`,
  dedicated: `${operations('dedicated')} operations in v5, ${operations('dedicated', 'v4')} in v4`,
  dedicatedFlex: `${operations('dedicatedFlex')} operations`,
  byoc: `${operations('byoc')} operations, in your own cloud`,
}

const checkRequest = zodResolver(deploymentInputSchema, undefined, { raw: true })

// The schema knows the request, the form has more: it is checked as what it would send.
const resolver: Resolver<DeploymentForm> = async (values, context, options) => {
  const { errors } = await checkRequest(toDeploymentInput(values), context, {
    ...options,
    fields: {},
  })
  return Object.keys(errors).length > 0 ? { values: {}, errors } : { values, errors: {} }
}

/** Adds a deployment with an embedded broker, or with an EMQX that the server tries first. */
export function AddDeploymentDialog({
  onClose,
  onAdded,
}: {
  onClose: () => void
  onAdded: (deployment: Deployment) => void
}) {
  const form = useForm<DeploymentForm>({
    defaultValues: emptyDeploymentForm,
    resolver,
  })
  const { register } = form
  const [name, plan, kind] = useWatch({
    control: form.control,
    name: ['name', 'plan', 'backend.kind'],
  })
  const { errors } = form.formState
  const create = useApiMutation('createDeployment', {
    errorIn: 'form',
    invalidates: ['listDeployments'],
    onSuccess: onAdded,
  })

  return (
    <FormDialog
      form={form}
      title="Add deployment"
      subtitle="What answers its API, and which operations it has."
      submitLabel={kind === 'emqx' ? 'Test and add' : 'Add deployment'}
      isPending={create.isPending}
      submitError={create.error}
      onSubmit={(values) => create.mutate({ body: toDeploymentInput(values) })}
      onClose={onClose}
    >
      <TextField
        label="Name"
        hint="It becomes part of the API’s address, which stays when you rename."
        aside={lengthCounter(name, DEPLOYMENT_NAME_MAX)}
        autoComplete="off"
        required
        error={lengthError(name, DEPLOYMENT_NAME_MAX) ?? errors.name?.message}
        {...register('name')}
      />

      <Choices legend="Plan" error={errors.plan?.message}>
        <div className="grid gap-2 sm:grid-cols-2">
          {plans.map((plan) => (
            <ChoiceCard key={plan} title={planNames[plan]} value={plan} {...register('plan')}>
              {planTexts[plan]}
            </ChoiceCard>
          ))}
        </div>
      </Choices>

      {plan === 'dedicated' && (
        <Choices legend="EMQX version" error={errors.version?.message}>
          <div className="grid grid-cols-2 gap-2">
            {versions.map((version) => (
              <ChoiceCard key={version} title={version} value={version} {...register('version')}>
                {version === 'v5' ? 'API below /api/v5' : 'API below /api'}
              </ChoiceCard>
            ))}
          </div>
        </Choices>
      )}

      <TextField
        label="Region"
        hint="Optional; shown beside the name, such as eu-central."
        autoComplete="off"
        error={errors.region?.message}
        {...register('region')}
      />

      <Choices legend="Backend">
        <div className="grid gap-2 sm:grid-cols-2">
          <ChoiceCard title="Embedded broker" value="embedded" {...register('backend.kind')}>
            An MQTT 3.1.1 broker inside Latchkey, ready at once
          </ChoiceCard>
          <ChoiceCard title="EMQX endpoint" value="emqx" {...register('backend.kind')}>
            A running EMQX that Latchkey reaches over HTTP
          </ChoiceCard>
        </div>
      </Choices>

      {kind === 'emqx' && (
        <div className="space-y-4 rounded-md border border-line bg-sunken p-4">
          <TextField
            label="Address"
            hint="Of EMQX’s HTTP API, without a path."
            placeholder="https://emqx.example:18084"
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            required
            error={errors.backend?.url?.message}
            {...register('backend.url')}
          />
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <TextField
              label="API key"
              autoComplete="off"
              spellCheck={false}
              required
              error={errors.backend?.keyId?.message}
              {...register('backend.keyId')}
            />
            <TextField
              label="Secret key"
              type="password"
              // With "off", browsers fill in the password for Latchkey.
              autoComplete="new-password"
              required
              error={errors.backend?.keySecret?.message}
              {...register('backend.keySecret')}
            />
          </div>
          <p className="text-sm text-pretty text-muted">
            Made in EMQX’s dashboard under System, API Key. Latchkey tries them before it saves,
            keeps the secret sealed and never shows it again.
          </p>
        </div>
      )}
    </FormDialog>
  )
}
