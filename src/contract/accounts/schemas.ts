import { z } from '@hono/zod-openapi'
import { PASSWORD_MAX, PASSWORD_MIN, TOKEN_NAME_MAX, USERNAME_MAX } from '../http/limits.ts'
import { lookupText, timestamp, singleLineText } from '../http/schema-parts.ts'
import { roles } from './roles.ts'

const roleSchema = z.enum(roles, `Give one of ${roles.join(', ')}.`)

export const usernameSchema = z
  .string()
  .max(USERNAME_MAX, `Use at most ${USERNAME_MAX} characters.`)
  .regex(
    /^[a-z0-9][a-z0-9._@-]*$/,
    'Use lower-case letters, digits and . _ @ -, starting with a letter or digit.',
  )

// No composition rules, which make passwords worse (OWASP ASVS 5.0, 6.2.5): only a length.
export const newPasswordSchema = z
  .string()
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`)
  .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`)

export const signInOptionsSchema = z
  .strictObject({
    password: z.boolean(),
    openId: z
      .strictObject({ name: z.string().describe('What the sign-in button calls the provider') })
      .nullable(),
  })
  .openapi('SignInOptions')

export const credentialsSchema = z
  .strictObject({ username: lookupText(500), password: z.string().max(500) })
  .openapi('Credentials')

export const sessionSchema = z
  .strictObject({
    kind: z
      .enum(['user', 'token', 'demo'])
      .describe('A signed-in person, an automation token, or the demo, which needs no sign-in'),
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    hasPassword: z.boolean().describe('Whether there is a password of Latchkey to change'),
    expiresAt: timestamp.nullable(),
    address: z.string().nullable().describe("The caller's address, as the server sees it"),
  })
  .openapi('Session')

export const passwordChangeSchema = z
  .strictObject({ currentPassword: z.string().max(500), newPassword: newPasswordSchema })
  .openapi('PasswordChange')

export const userSchema = z
  .strictObject({
    id: z.string(),
    username: z.string(),
    role: roleSchema,
    signIn: z.enum(['password', 'openId']),
    createdAt: timestamp,
    lastSignInAt: timestamp.nullable(),
    version: z.int().describe('Goes up by one with each change; the ETag of the user'),
  })
  .openapi('User')

export const userInputSchema = z
  .strictObject({ username: usernameSchema, password: newPasswordSchema, role: roleSchema })
  .openapi('UserInput')

export const userPatchSchema = z
  .strictObject({
    role: roleSchema.optional(),
    password: newPasswordSchema.optional().describe('Ends every session of the user'),
  })
  .openapi('UserPatch')

export const userListSchema = z
  .strictObject({ items: z.array(userSchema), nextCursor: z.null() })
  .openapi('UserList')

export const tokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    createdAt: timestamp,
    createdBy: z.string().describe('Name of the user or token that made it'),
    expiresAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable().describe('To the minute'),
  })
  .openapi('AutomationToken')

export const tokenInputSchema = z
  .strictObject({
    name: singleLineText(TOKEN_NAME_MAX).refine(
      (name) => name.trim() !== '',
      'Give the token a name.',
    ),
    role: roleSchema,
    expiresAt: timestamp.nullable().describe('null for a token that never expires'),
  })
  .openapi('AutomationTokenInput')

export const createdTokenSchema = z
  .strictObject({
    token: tokenSchema,
    secret: z.string().describe('Shown this once; only its hash is kept'),
  })
  .openapi('CreatedAutomationToken')

export const tokenListSchema = z
  .strictObject({ items: z.array(tokenSchema), nextCursor: z.null() })
  .openapi('AutomationTokenList')

export type SignInOptions = z.infer<typeof signInOptionsSchema>
export type Credentials = z.infer<typeof credentialsSchema>
export type Session = z.infer<typeof sessionSchema>
export type PasswordChange = z.infer<typeof passwordChangeSchema>
export type User = z.infer<typeof userSchema>
export type UserInput = z.infer<typeof userInputSchema>
export type UserPatch = z.infer<typeof userPatchSchema>
export type AutomationToken = z.infer<typeof tokenSchema>
export type AutomationTokenInput = z.infer<typeof tokenInputSchema>
export type CreatedAutomationToken = z.infer<typeof createdTokenSchema>
