import { createRoute, z } from '@hono/zod-openapi'
import {
  body,
  ifMatch,
  json,
  noContent,
  noQuery,
  precondition,
  problems,
  refusals,
} from '../http/route-spec-parts.ts'
import { askedText } from '../http/schema-parts.ts'
import { routes } from '../routes.ts'
import {
  createdTokenSchema,
  credentialsSchema,
  passwordChangeSchema,
  sessionSchema,
  signInOptionsSchema,
  tokenInputSchema,
  tokenListSchema,
  userInputSchema,
  userListSchema,
  userPatchSchema,
  userSchema,
} from './schemas.ts'

const userId = z.strictObject({ userId: askedText(64) })
const tokenId = z.strictObject({ tokenId: askedText(64) })
const conflict = { 409: { description: 'It would take the last administrator', content: problems } }
const throttled = {
  429: { description: 'Too many tries; Retry-After says when to go on', content: problems },
}

/** Session, users and automation tokens. */
export const accountRouteSpecs = {
  getSignInOptions: createRoute({
    ...routes.getSignInOptions,
    summary: 'The ways to sign in',
    request: { query: noQuery },
    responses: { ...refusals, 200: json(signInOptionsSchema, 'The ways there are') },
  }),
  createSession: createRoute({
    ...routes.createSession,
    summary: 'Sign in; the session is a cookie',
    request: { query: noQuery, body: body(credentialsSchema) },
    responses: { ...refusals, ...throttled, 201: json(sessionSchema, 'Who is signed in') },
  }),
  getSession: createRoute({
    ...routes.getSession,
    summary: 'Who the caller is',
    request: { query: noQuery },
    responses: { ...refusals, 200: json(sessionSchema, 'Who it is') },
  }),
  deleteSession: createRoute({
    ...routes.deleteSession,
    summary: 'Sign out',
    request: { query: noQuery },
    responses: { ...refusals, ...noContent('Signed out') },
  }),
  deleteSessions: createRoute({
    ...routes.deleteSessions,
    summary: 'Sign out everywhere',
    request: { query: noQuery },
    responses: { ...refusals, ...noContent('Every session of the caller has ended') },
  }),
  changePassword: createRoute({
    ...routes.changePassword,
    summary: "Change one's own password; every other session ends",
    request: { query: noQuery, body: body(passwordChangeSchema) },
    responses: { ...refusals, ...throttled, ...noContent('Changed') },
  }),
  startOpenId: createRoute({
    ...routes.startOpenId,
    summary: 'Go to the OpenID provider to sign in',
    responses: { ...refusals, 302: { description: 'To the provider' } },
  }),
  finishOpenId: createRoute({
    ...routes.finishOpenId,
    summary: 'Where the OpenID provider sends the browser back to',
    responses: { ...refusals, 302: { description: 'To the console, signed in or with an error' } },
  }),

  listUsers: createRoute({
    ...routes.listUsers,
    summary: 'List the users',
    request: { query: noQuery },
    responses: { ...refusals, 200: json(userListSchema, 'Every user, by name') },
  }),
  createUser: createRoute({
    ...routes.createUser,
    summary: 'Add a user',
    request: { query: noQuery, body: body(userInputSchema) },
    responses: { ...refusals, 201: json(userSchema, 'The new user') },
  }),
  getUser: createRoute({
    ...routes.getUser,
    summary: 'One user',
    request: { params: userId, query: noQuery },
    responses: { ...refusals, 200: json(userSchema, 'The user') },
  }),
  updateUser: createRoute({
    ...routes.updateUser,
    summary: 'Change the role of a user, or set a new password',
    request: { params: userId, query: noQuery, headers: ifMatch, body: body(userPatchSchema) },
    responses: {
      ...refusals,
      ...precondition,
      ...conflict,
      200: json(userSchema, 'As it is now'),
    },
  }),
  deleteUser: createRoute({
    ...routes.deleteUser,
    summary: 'Remove a user and end their sessions',
    request: { params: userId, query: noQuery, headers: ifMatch },
    responses: { ...refusals, ...precondition, ...conflict, ...noContent('Removed') },
  }),

  listTokens: createRoute({
    ...routes.listTokens,
    summary: 'List the automation tokens',
    request: { query: noQuery },
    responses: { ...refusals, 200: json(tokenListSchema, 'Every token, by name') },
  }),
  createToken: createRoute({
    ...routes.createToken,
    summary: 'Create an automation token; its secret is in this answer and nowhere else',
    request: { query: noQuery, body: body(tokenInputSchema) },
    responses: { ...refusals, 201: json(createdTokenSchema, 'The new token with its secret') },
  }),
  deleteToken: createRoute({
    ...routes.deleteToken,
    summary: 'Delete an automation token; its next call is refused',
    request: { params: tokenId, query: noQuery },
    responses: { ...refusals, ...noContent('Deleted') },
  }),
} as const
