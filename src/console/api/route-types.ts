import type { z } from 'zod'
import type { RouteName, routes } from '../../contract/routes.ts'

type Spec<Name extends RouteName> = (typeof routes)[Name]
type Json<Schema> = { content: { 'application/json': { schema: Schema } } }

type ParamsOf<Name extends RouteName> =
  Spec<Name> extends { request: { params: infer Schema extends z.ZodType } }
    ? { params: z.input<Schema> }
    : object

type QueryOf<Name extends RouteName> =
  Spec<Name> extends { request: { query: infer Schema extends z.ZodType } }
    ? keyof z.input<Schema> extends never
      ? object
      : { query?: z.input<Schema> }
    : object

type BodyOf<Name extends RouteName> =
  Spec<Name> extends { request: { body: Json<infer Schema extends z.ZodType> } }
    ? { body: z.input<Schema> }
    : object

type IfMatchOf<Name extends RouteName> =
  Spec<Name> extends { request: { headers: z.ZodType } }
    ? {
        /** `version` or `revision` of what the change is based on; a stale one is refused. */
        ifMatch: number
      }
    : object

/** What a route takes, by its name: path parameters, query, body and the version it is based on. */
export type RouteInput<Name extends RouteName> = ParamsOf<Name> &
  QueryOf<Name> &
  BodyOf<Name> &
  IfMatchOf<Name>

/** What a route answers when all is well. */
export type RouteOutput<Name extends RouteName> =
  Spec<Name>['responses'] extends Record<200, Json<infer Schema extends z.ZodType>>
    ? z.output<Schema>
    : Spec<Name>['responses'] extends Record<201, Json<infer Schema extends z.ZodType>>
      ? z.output<Schema>
      : undefined

/** Routes that change nothing, which queries may read. */
export type QueryName = {
  [Name in RouteName]: Spec<Name>['method'] extends 'get' ? Name : never
}[RouteName]

/** Routes that change something. */
export type MutationName = Exclude<RouteName, QueryName>
