import { z } from '@hono/zod-openapi'
import { methods, type OperationId } from './operation.ts'

/** The id of an operation: its method and path template. */
export const operationIdSchema = z
  .custom<OperationId>(
    (value) => typeof value === 'string' && /^(?:GET|POST|PUT|PATCH|DELETE) \/\S*$/.test(value),
    'Write an operation as its method and path, such as "GET /clients/{clientid}".',
  )
  .openapi({ type: 'string', example: 'GET /clients/{clientid}' })

export const catalogSchema = z
  .strictObject({
    categories: z.array(
      z.strictObject({
        name: z.string(),
        operations: z.array(
          z.strictObject({
            id: operationIdSchema,
            method: z.enum(methods),
            path: z.templateLiteral(['/', z.string()]),
            summary: z.string(),
            risk: z.string().optional(),
            supported: z.boolean().describe('Whether the backend of this deployment offers it'),
          }),
        ),
      }),
    ),
  })
  .openapi('Catalog')

export type CatalogAnswer = z.infer<typeof catalogSchema>
